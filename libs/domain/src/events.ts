import type { AccessEvent } from './access/access-events.js';
import type { DistributionEvent } from './distribution/distribution-events.js';
import type { GroupEvent } from './group/group-events.js';
import type { MacEvent } from './mac/mac-events.js';
import type { ImageEvent } from './image/image-events.js';
import type { NodeEvent } from './node/node-events.js';
import type { RefusalCode } from './refusal.js';
import type { Policy } from './policy.js';
import type { TemplateEvent } from './template/template-events.js';
import type { VmEvent } from './vm/vm-events.js';
import type { WebhookEvent } from './webhook/webhook-events.js';

/** Facts about the cluster itself. */
export type ClusterEvent =
  | { type: 'PolicyChanged'; policy: Partial<Policy> }
  /** A command that the decider could not survive; recorded and skipped (law 9). */
  | { type: 'CommandFailed'; commandType: string; message: string }
  /** The rules said no to what somebody asked for. `subject`: the id of what it was about; `message`: why, in words. */
  | { type: 'CommandRefused'; commandType: string; subject: string; code: RefusalCode; message: string };

export type DomainEvent =
  | VmEvent
  | NodeEvent
  | GroupEvent
  | DistributionEvent
  | ImageEvent
  | TemplateEvent
  | MacEvent
  | AccessEvent
  | WebhookEvent
  | ClusterEvent;
export type EventType = DomainEvent['type'];

/** An event at its place in the log. */
export interface RecordedEvent {
  /** Position in EVENTS. */
  readonly sequence: number;
  /** `<command id>:<n>`: the same after a retry or a crash. Of a refusal `<command id>:r<command sequence>`, as the next try may fare better. */
  readonly id: string;
  /** Unix ms: the time of the command that caused it. */
  readonly time: number;
  readonly cause: Cause;
  readonly event: DomainEvent;
}

/** The command behind an event. */
export interface Cause {
  /** Position in COMMANDS. */
  readonly sequence: number;
  readonly id: string;
  /** Its name, e.g. `StartVM`; absent: a build before 0.4 did not say, or nobody could read the command. */
  readonly commandType?: string;
  readonly actor: string;
  /** How the actor proved itself: `none`, `root`, `key`, `certificate`, `oidc`, `node`, `nats` …; absent: nobody was asked to. */
  readonly auth?: string;
  /** Where the actor was, as its door saw it: an IP address. */
  readonly address?: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}
