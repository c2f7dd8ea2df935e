import type { Clock } from '#events';
import type { LateBus } from '../bus/bus.js';
import { openPool } from '../projections/database.postgres.js';
import { FollowerGate } from '../projections/follower-gate.js';
import { FollowerLoop, type FollowerState } from '../projections/follower-loop.js';
import { PostgresFollowerSeat } from '../projections/follower-seat.postgres.js';
import type { Log } from '../shell/log.js';
import type { Metrics } from '../shell/metrics.system.js';
import { type Archived, Archiver } from './archiver.js';
import { PostgresArchiveStore } from './archive-store.postgres.js';
import type { Companion } from './companion.postgres.js';
import { Retention } from './retention.js';
import { dropOldDays } from './retention.postgres.js';

/** Names the advisory lock of the one archiver: "ARCH" in ASCII. */
const ARCHIVER_LOCK = 0x41524348;
/** One writes, one looks how far it is. */
const CONNECTIONS = 2;

export interface ArchiveNeeds {
  /** Secret. */
  readonly databaseUrl: string;
  /** Undefined: for ever. */
  readonly keptMs: number | undefined;
  readonly bus: Pick<LateBus, 'log' | 'announceArchived'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly onState: (state: FollowerState) => void;
}

/** The archive as this replica keeps it: the follower that writes it, when it has the seat, and how far it is. */
export function openArchive(needs: ArchiveNeeds, companions: readonly Companion[]) {
  const { databaseUrl, keptMs, bus, clock, metrics, log, onState } = needs;
  // Its sessions wait for the disk, unlike those of the views: what is in the archive may be in the log no more.
  const pool = openPool(databaseUrl, CONNECTIONS);
  const store = new PostgresArchiveStore(pool, companions);
  const gate = new FollowerGate(clock, 'archive');
  const onCommit = ({ sequence, events, eventTime, holes }: Archived): void => {
    gate.advance(sequence);
    bus.announceArchived(sequence);
    loop.committed();
    metrics.archivedBatch(events, clock.now() - eventTime);
    for (const { first, last } of holes)
      log.error('the log has lost events before they were archived', { first, last });
  };
  const archiver = new Archiver({ log: bus.log, store, clock }, onCommit);
  const seat = new PostgresFollowerSeat(databaseUrl, ARCHIVER_LOCK, 'muster-archiver');
  const loop = new FollowerLoop(archiver, seat, clock, onState);
  const flows =
    keptMs === undefined ? [] : [new Retention({ clock, log, drop: (now) => dropOldDays(pool, keptMs, now) })];
  return { store, gate, loop, flows, close: () => pool.end() };
}
