import type { AccessCommand } from './access/access-events.js';
import type { Cause } from './events.js';
import type { DistributionCommand, DistributionReport } from './distribution/distribution-events.js';
import type { GroupCommand } from './group/group-events.js';
import type { ImageCommand, ImageReport } from './image/image-events.js';
import type { NodeCommand, NodeReport } from './node/node-commands.js';
import type { MacCommand } from './mac/mac-events.js';
import type { Policy } from './policy.js';
import type { TemplateCommand } from './template/template-events.js';
import type { VmCommand, VmReport } from './vm/vm-commands.js';
import type { WebhookCommand } from './webhook/webhook-events.js';

/** What the control plane asks of itself, so that time and settings enter the log as commands. */
export type ClusterCommand = RunTimers | { type: 'SetPolicy'; policy: Partial<Policy> };

/** Fires what is due at the command's time. */
export interface RunTimers {
  type: 'RunTimers';
  /** The control plane has not listened long enough to know which of the silent nodes came back: their alarms wait. */
  nodesWait?: true;
}

/** What a node may publish, and only about itself. */
export type Report = VmReport | NodeReport | DistributionReport | ImageReport;

export type Command =
  | AccessCommand
  | VmCommand
  | NodeCommand
  | GroupCommand
  | DistributionCommand
  | ImageCommand
  | TemplateCommand
  | MacCommand
  | WebhookCommand
  | ClusterCommand
  | Report;
export type CommandType = Command['type'];

/** A command at its place in COMMANDS. `time` is the stream's clock, unix ms: the only clock a decision sees. */
export interface RecordedCommand {
  readonly cause: Cause;
  readonly time: number;
  readonly command: Command;
}
