/** The ports over a NATS server with JetStream. */
export { JetStreamBookmarks } from './bookmarks.jetstream.js';
export { JetStreamCommandDoor } from './command-door.jetstream.js';
export { JetStreamCommandQueue } from './command-queue.jetstream.js';
export { JetStreamDesiredState } from './desired-state.jetstream.js';
export { JetStreamEventLog } from './event-log.jetstream.js';
export { CoreExplainDesk, CoreExplainDoor } from './explain.jetstream.js';
export { CoreHeartbeats } from './heartbeats.jetstream.js';
export { JetStreamLease } from './lease.jetstream.js';
export { type LinkOptions, type LinkStatus, NatsLink } from './link.jetstream.js';
export { type Servers, serversOf } from './servers-of.js';
export { JetStreamLogKeeper } from './log-keeper.jetstream.js';
export { JetStreamLogRestore, type RestoredEvent } from './log-restore.jetstream.js';
export { CoreProjectionSignal } from './projection-signal.jetstream.js';
export { JetStreamSingleUse } from './single-use.jetstream.js';
export { ensureStreams, LEASE_TTL_MS, type StreamOptions } from './streams.jetstream.js';
