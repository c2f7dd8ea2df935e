import { type Clock, Unavailable } from '#events';
import type { EventFilter } from '../event-query.dto.js';
import type { Batch, Batches, Wanted } from './batches.js';
import { bookmarkFrame, HEARTBEAT_FRAME, lastFrame } from './frame.js';
import { fitting } from './live-event.js';
import { type Past, piecesOf } from './past.js';
import type { Ring } from './ring.js';

/** After so long without a word a follower is told something, so that nobody between us takes the connection for dead. */
export const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long has gone without saying so; where it was it can come back to. */
export const STALLED_LIMIT_MS = 300_000;
/** How long a client may take to take the last word, once its stream was ended. */
export const END_LIMIT_MS = 10_000;
/** How long the archive is left alone when it does not have yet what a follower needs next, or is away. */
const LOOK_AGAIN_MS = 250;

/** The connection to one client. */
export interface Wire {
  /** False: it takes no more for now. Whoever owns the wire calls `drained` when it does again. */
  write(bytes: Buffer): boolean;
  end(bytes: Buffer): void;
  /** Without a word. */
  cut(): void;
}

/** What all followers of a process share. */
export interface Sources {
  readonly clock: Clock;
  readonly past: Past;
  readonly batches: Batches;
  /** Undefined while the log is being looked for. */
  ring(): Ring | undefined;
  /** Events that were sent to somebody. */
  sent(events: number): void;
  trouble(message: string): void;
}

/**
 * One client that follows the log. It keeps its place and pulls what comes after: from the ring, or from the archive when the ring does
 * not reach back that far. So a slow client costs a number, not a queue, and misses nothing.
 */
export class Follower {
  private readonly wanted: Wanted;
  /** Sequence of the last event or bookmark that was written. */
  private told: number;
  private wroteAt: number;
  private heldSince: number | undefined;
  private released: () => void = () => undefined;
  private isReading = false;
  private isOver = false;

  /** `place`: it begins after this sequence. */
  constructor(
    private readonly sources: Sources,
    private readonly wire: Wire,
    private readonly filter: EventFilter,
    private place: number,
  ) {
    this.wanted = { key: JSON.stringify(filter), fits: fitting(filter) };
    this.told = place;
    this.wroteAt = sources.clock.now();
  }

  /** Events of the log that it has not looked at. */
  get lag(): number {
    return Math.max(0, (this.sources.ring()?.last ?? this.place) - this.place);
  }

  /** Sends what there is, until there is no more, the wire is full, or only the archive has what comes next. */
  pump(): void {
    const { batches } = this.sources;
    while (!this.isOver && this.heldSince === undefined && !this.isReading) {
      const ring = this.sources.ring();
      if (ring === undefined) return;
      if (!ring.reaches(this.place)) return void this.catchUp();
      const batch = batches.after(ring, this.wanted, this.place);
      if (batch === undefined) return;
      this.take(batch);
    }
  }

  /** The wire takes more again. */
  drained(): void {
    if (this.heldSince === undefined) return;
    this.heldSince = undefined;
    this.released();
    this.pump();
  }

  /** Writes a sign of life when it is time for one: a bookmark, if the log went on without a word to this client. */
  beat(): void {
    const now = this.sources.clock.now();
    if (this.isOver) {
      if (now - this.wroteAt >= END_LIMIT_MS) this.wire.cut();
    } else if (this.heldSince !== undefined) {
      if (now - this.heldSince >= STALLED_LIMIT_MS) this.wire.cut();
    } else if (now - this.wroteAt >= HEARTBEAT_MS) {
      const isBehind = this.place > this.told;
      this.told = this.place;
      this.write(isBehind ? bookmarkFrame(this.place) : HEARTBEAT_FRAME);
    }
  }

  /** Ends it, with a last word for whoever reads along. */
  end(why: string): void {
    if (this.isOver) return;
    this.over();
    this.wroteAt = this.sources.clock.now();
    this.wire.end(lastFrame(why));
  }

  /** The client is gone. */
  over(): void {
    this.isOver = true;
    this.released();
  }

  private take({ bytes, events, told, upTo }: Batch): void {
    this.place = upTo;
    if (bytes === undefined) return;
    this.told = told;
    this.sources.sent(events);
    this.write(bytes);
  }

  private write(bytes: Buffer): void {
    this.wroteAt = this.sources.clock.now();
    if (!this.wire.write(bytes)) this.heldSince = this.wroteAt;
  }

  private async catchUp(): Promise<void> {
    this.isReading = true;
    try {
      while (!this.isOver && this.sources.ring()?.reaches(this.place) === false) await this.readPast();
    } catch (error) {
      this.sources.trouble(String(error));
      this.end('what comes next cannot be read');
    }
    this.isReading = false;
    this.pump();
  }

  private async readPast(): Promise<void> {
    const { past, clock } = this.sources;
    const page = await past.after(this.place, this.filter).catch(orNothing);
    if (this.isOver) return;
    if (page === undefined) return this.end('what comes next is kept no longer');
    if (page === 'away' || page.upTo === this.place) return clock.sleep(LOOK_AGAIN_MS);
    for (const piece of piecesOf(page)) {
      this.take(piece);
      // The rest is read again when there is room for it.
      if (this.heldSince !== undefined) break;
    }
    if (this.heldSince !== undefined) await new Promise<void>((resolve) => (this.released = resolve));
  }
}

/** The archive comes back; whoever follows need not know. */
function orNothing(error: unknown): 'away' {
  if (error instanceof Unavailable) return 'away';
  throw error;
}
