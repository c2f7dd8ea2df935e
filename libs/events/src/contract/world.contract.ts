import type { Bookmarks } from '../ports/bookmarks.js';
import type { CommandDoor, CommandQueue } from '../ports/command-queue.js';
import type { DesiredState } from '../ports/desired-state.js';
import type { EventLog } from '../ports/event-log.js';
import type { ExplainDesk, ExplainDoor } from '../ports/explain.js';
import type { Heartbeats } from '../ports/heartbeats.js';
import type { Lease } from '../ports/lease.js';
import type { LogKeeper } from '../ports/log-keeper.js';
import type { ProjectionSignal } from '../ports/projection-signal.js';
import type { SingleUse } from '../ports/single-use.js';

/** How long a door of the world waits for an outcome, ms. */
export const WORLD_DOOR_TIMEOUT_MS = 1500;

/** One server, empty at first, with the ports over it; each form of the ports makes its own. */
export interface World {
  /** The ports over a connection of their own, as one process has them. */
  connect(name: string): Promise<Ports>;
  pass(ms: number): Promise<void>;
  /** The server dies without a word; what it acknowledged is on its disk. */
  killServer(): Promise<void>;
  /** The server is back at the same address. */
  restartServer(): Promise<void>;
  end(): Promise<void>;
}

export type MakeWorld = () => Promise<World>;

export interface Ports {
  readonly queue: CommandQueue;
  readonly door: CommandDoor;
  readonly log: EventLog;
  readonly desired: DesiredState;
  readonly lease: Lease;
  /** The lease of another seat than the control plane's. */
  readonly otherLease: Lease;
  readonly keeper: LogKeeper;
  readonly bookmarks: Bookmarks;
  readonly singleUse: SingleUse;
  readonly beats: Heartbeats;
  readonly signal: ProjectionSignal;
  readonly explainDoor: ExplainDoor;
  readonly explainDesk: ExplainDesk;
  /** What any NATS client could write into a stream. */
  publishRaw(message: RawMessage): Promise<void>;
  /** The connection is closed for good. */
  close(): Promise<void>;
}

export interface RawMessage {
  readonly stream: 'COMMANDS' | 'EVENTS';
  readonly subject: string;
  readonly text: string;
  readonly messageId?: string;
}
