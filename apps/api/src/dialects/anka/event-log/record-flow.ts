import { setMaxListeners } from 'node:events';
import {
  type Bookmarks,
  type Clock,
  type EventLog,
  type Feed,
  type Lease,
  type LoggedEvent,
  Unavailable,
} from '#events';
import { decoded, EventBatches } from '../../../projections/event-batches.js';
import { recordOf } from './anka-record.js';
import type { Courier } from './courier.js';
import { deliverBatch, MOST_AT_ONCE } from './deliver-batch.js';
import { Progress } from './progress.js';

/** How often a replica without the seat looks whether it is free, and how long after a fault one goes on. */
export const SEAT_CHECK_MS = 1_000;
/** Events that are read together; of them only a few are records. */
export const BATCH_EVENTS = 256;
/** How often progress within a batch is remembered while it takes long. */
const SAVE_EVERY_MS = 1_000;

/** What a flow needs of NATS, over the connection of the moment. */
export interface FlowBus {
  readonly log: Pick<EventLog, 'follow' | 'lastSequence' | 'incarnation'>;
  readonly bookmarks: Bookmarks;
  leaseOf(seat: string): Lease;
}

export interface FlowParts {
  /** Of its bookmark and its seat. */
  readonly name: string;
  /** Throws `Unavailable` while there is no connection. */
  readonly bus: () => FlowBus;
  readonly courier: Courier;
  readonly clock: Clock;
  /** Who takes the seat: another name for each process. */
  readonly holder: string;
  /** The host of the controller, as it stands in the records. */
  readonly machineName: string;
  readonly onTrouble: (message: string) => void;
  /** So many events were passed over because this build cannot read them. */
  readonly onUnreadable?: (events: number) => void;
}

/** Another process has moved our bookmark: it has the seat. */
class Overtaken extends Error {}

/** Where a turn ended, in case that the next one follows it. */
interface Kept {
  readonly progress: Progress;
  revision: number;
  /** What is written, as far as we know. */
  saved: string;
  /** What we last tried to write. */
  tried: string;
}

/**
 * Brings the records of all events to a sink: each at least once, those about one thing in the order of the log. Of all replicas one has
 * the seat and works; a bookmark beside the log remembers what the sink has taken, so that neither a restart nor a rebuild of the
 * projection sends it again.
 */
export class RecordFlow {
  private kept: Kept | undefined;
  /** What was told last, so that a long trouble is told once. */
  private trouble: string | undefined;

  constructor(private readonly parts: FlowParts) {}

  /** Returns when the signal is given and what was under way is remembered. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.turn(signal).catch((error: unknown) => this.tell(error));
      await this.parts.clock.sleep(SEAT_CHECK_MS, signal).catch(() => undefined);
    }
  }

  private tell(error: unknown): void {
    if (error instanceof Overtaken) return;
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.trouble) return;
    this.trouble = message;
    this.parts.onTrouble(message);
  }

  /** One turn on the seat, if it is free. */
  private async turn(signal: AbortSignal): Promise<void> {
    const { name, holder, bus } = this.parts;
    const now = bus();
    const lease = now.leaseOf(name);
    if (!(await lease.acquire(holder))) return;
    const stop = new AbortController();
    // Each that waits for the sink listens, and a few others.
    setMaxListeners(MOST_AT_ONCE + 10, stop.signal);
    const end = (): void => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const renewing = this.keepSeat(lease, stop);
    try {
      await this.follow(now, stop);
    } finally {
      end();
      signal.removeEventListener('abort', end);
      await renewing;
      await lease.release(holder).catch(() => undefined);
    }
  }

  /** Renews the lease until told to stop; stops everything when it is lost. */
  private async keepSeat(lease: Lease, stop: AbortController): Promise<void> {
    const { clock, holder } = this.parts;
    for (let until = clock.now() + lease.ttlMs; ;) {
      await clock.sleep(lease.ttlMs / 3, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      // No answer is no loss, until nobody could have renewed it in time.
      const held = await lease.renew(holder).catch(() => (clock.now() < until ? 'unknown' : false));
      if (held === false) return stop.abort();
      if (held === true) until = clock.now() + lease.ttlMs;
    }
  }

  private async follow({ log, bookmarks }: FlowBus, stop: AbortController): Promise<void> {
    const kept = await this.begin(log, bookmarks);
    const feed = log.follow(kept.progress.bookmark.sequence + 1);
    stop.signal.addEventListener('abort', () => feed.stop(), { once: true });
    if (stop.signal.aborted) feed.stop();
    try {
      await this.deliverAll(feed, kept, bookmarks, stop);
    } finally {
      feed.stop();
    }
  }

  private async deliverAll(feed: Feed<LoggedEvent>, kept: Kept, to: Bookmarks, stop: AbortController): Promise<void> {
    const batches = new EventBatches(feed, this.parts.clock, { maxEvents: BATCH_EVENTS, lingerMs: 0 }, decoded);
    for (;;) {
      const events = await batches.next();
      const last = events.at(-1);
      if (last === undefined || stop.signal.aborted) return;
      this.parts.onUnreadable?.(events.filter(({ recorded }) => recorded === undefined).length);
      const records = events
        .map(({ recorded }) => recorded && recordOf(recorded, this.parts.machineName))
        .filter((record) => record !== undefined)
        .filter(({ sequence }) => !kept.progress.isDone(sequence));
      kept.progress.begin(
        last.sequence,
        records.map(({ sequence }) => sequence),
      );
      const over = new AbortController();
      const delivering = deliverBatch(
        records,
        (text) => this.parts.courier.bring(text, stop.signal),
        ({ sequence }) => kept.progress.finish(sequence),
      ).finally(() => over.abort());
      try {
        await this.saveUntil(over.signal, kept, to);
      } finally {
        if (!over.signal.aborted) stop.abort();
        await delivering;
      }
    }
  }

  /** Remembers what is done now and then, and once more at the end, which alone must succeed. */
  private async saveUntil(over: AbortSignal, kept: Kept, bookmarks: Bookmarks): Promise<void> {
    while (!over.aborted) {
      await this.parts.clock.sleep(SAVE_EVERY_MS, over).catch(() => undefined);
      await this.save(kept, bookmarks).catch((error: unknown) => {
        if (over.aborted || !(error instanceof Unavailable)) throw error;
      });
    }
  }

  private async save(kept: Kept, bookmarks: Bookmarks): Promise<void> {
    const { bookmark } = kept.progress;
    const text = JSON.stringify(bookmark);
    if (text === kept.saved) return;
    kept.tried = text;
    const revision = await bookmarks.move(this.parts.name, bookmark, kept.revision);
    if (revision === undefined) throw new Overtaken(`Another process has moved the bookmark ${this.parts.name}`);
    kept.revision = revision;
    kept.saved = text;
  }

  /** Where to go on: where this process or another left off; a log that nobody has read yet is read from its end. */
  private async begin(log: FlowBus['log'], bookmarks: Bookmarks): Promise<Kept> {
    const { name, onTrouble } = this.parts;
    const incarnation = await log.incarnation();
    const stored = await bookmarks.read(name);
    const revision = stored?.revision ?? 0;
    let from = stored?.bookmark ?? { incarnation, sequence: await log.lastSequence(), done: [] };
    if (from.incarnation !== incarnation) {
      onTrouble(`The log was made anew; ${name} begins at its beginning`);
      from = { incarnation, sequence: 0, done: [] };
    } else if (stored !== undefined && this.wasLeftBy(stored.revision, JSON.stringify(stored.bookmark))) {
      // What was done since could not be written down; but nobody else has worked meanwhile.
      from = this.kept?.progress.bookmark ?? from;
    }
    this.kept = { progress: new Progress(incarnation, from), revision, saved: '', tried: '' };
    await this.save(this.kept, bookmarks);
    this.trouble = undefined;
    return this.kept;
  }

  private wasLeftBy(revision: number, text: string): boolean {
    return this.kept !== undefined && (this.kept.revision === revision || this.kept.tried === text);
  }
}
