import { type Clock, type EventLog, LogCut } from '#events';
import type { BatchLimits } from '../projections/event-batches.js';
import { checkMadeFrom, Mismatch, Overtaken } from '../projections/follower-ends.js';
import { inBatches } from '../projections/in-batches.js';
import { archived, type ArchivedEvent } from './archived-event.js';
import type { ArchiveStore } from './archive-store.js';
import { type ArchiveHead, chained, type Hole } from './chain.js';

/** As of the views; but each batch waits for the disk, and no door waits until its VMs are archived. */
export const ARCHIVE_BATCH: BatchLimits = { maxEvents: 1_000, lingerMs: 1, gap: { ms: 20, enough: 64 } };

/** Nothing may be added behind events of another log; only an operator knows which of the two is right. */
export class ArchiveMismatch extends Mismatch {
  constructor(message: string) {
    super(
      `${message}. Nothing more is archived. Put back the log that the archive was made from (a backup of NATS, or ` +
        '"npm run muster -- events import" into an empty installation), or, to begin anew with the log that is here, ' +
        'export what there is ("npm run muster -- events export") and drop the schema "archive", then migrate',
    );
  }
}

const MADE = { what: 'The archive', stands: 'ends', Mismatch: ArchiveMismatch };

export interface Archived {
  readonly sequence: number;
  readonly events: number;
  /** Time of the last event, unix ms. */
  readonly eventTime: number;
  /** What the log did not have. */
  readonly holes: readonly Hole[];
}

export interface ArchiverPorts {
  readonly log: Pick<EventLog, 'follow' | 'lastSequence' | 'incarnation'>;
  readonly store: ArchiveStore;
  readonly clock: Clock;
}

/** Follows the log and keeps every event of it. */
export class Archiver {
  constructor(
    private readonly ports: ArchiverPorts,
    private readonly onCommit: (archived: Archived) => void,
    private readonly limits: BatchLimits = ARCHIVE_BATCH,
  ) {}

  /**
   * Archives from where the archive ends until the signal is given. Throws `ArchiveMismatch`, `Overtaken`, or `Unavailable` when the
   * log or the store is away; then run it again.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { log, store } = this.ports;
    let head = await store.head();
    const incarnation = await checkMadeFrom(log, head, MADE);
    const tail = await store.tail();
    const follow = (from: number) =>
      inBatches(this.ports, { from, limits: this.limits, prepare: archived }, signal, async (batch) => {
        if (tail !== undefined) checkTail(tail, batch);
        head = await this.append(batch, head, incarnation);
      });
    // From the last archived event on, to see that the log still says the same; unless it is cut off up to there.
    await follow(Math.max(1, head.sequence)).catch((cause: unknown) => {
      if (!(cause instanceof LogCut)) throw cause;
      return follow(head.sequence + 1);
    });
  }

  private async append(batch: readonly ArchivedEvent[], from: ArchiveHead, incarnation: string): Promise<ArchiveHead> {
    const events = inOrder(batch, from.sequence);
    const last = events.at(-1);
    if (last === undefined) return from;
    const chain = chained(from, events, incarnation);
    if (!(await this.ports.store.append(chain))) throw new Overtaken('archive', from.sequence);
    this.onCommit({ sequence: last.sequence, events: events.length, eventTime: last.time, holes: chain.holes });
    return chain.to;
  }
}

/** A feed may repeat itself: each event once, and only those behind the sequence. */
function inOrder(batch: readonly ArchivedEvent[], after: number): ArchivedEvent[] {
  let last = after;
  return batch.filter(({ sequence }) => {
    if (sequence <= last) return false;
    last = sequence;
    return true;
  });
}

/** A log that was put back from a backup and written on has other events under the same sequences. */
function checkTail(tail: ArchivedEvent, batch: readonly ArchivedEvent[]): void {
  const same = batch.find(({ sequence }) => sequence === tail.sequence);
  if (same !== undefined && same.body !== tail.body)
    throw new ArchiveMismatch(
      `The archive ends with event ${tail.id} at sequence ${tail.sequence}: the log has event ${same.id} there`,
    );
}
