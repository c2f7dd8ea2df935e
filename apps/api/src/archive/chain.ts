import { createHash } from 'node:crypto';
import type { ArchivedEvent } from './archived-event.js';

export const HASH_BYTES = 32;
const SEQUENCE_BYTES = 8;
/** Before the first event there is nothing. */
export const NOTHING_BEFORE: Buffer = Buffer.alloc(HASH_BYTES);

/** Where an archive ends. */
export interface ArchiveHead {
  /** Of the last event in it, 0 when there is none. */
  readonly sequence: number;
  readonly hash: Buffer;
  /** The day of the last event, as `2026-01-31`; empty before the first. */
  readonly day: string;
  /** The log that the events are from; undefined before the first. */
  readonly incarnation: string | undefined;
}

export const EMPTY_ARCHIVE: ArchiveHead = { sequence: 0, hash: NOTHING_BEFORE, day: '', incarnation: undefined };

/** An event in its place in the archive. */
export interface ArchiveLink {
  readonly event: ArchivedEvent;
  /**
   * UTC day of the event, but never before that of the event before it, though clocks may go back: so a day holds a range of sequences.
   */
  readonly day: string;
  readonly hash: Buffer;
}

/** Sequences that the log did not have when it was archived, both ends included. */
export interface Hole {
  readonly first: number;
  readonly last: number;
}

/** What is added to an archive at once. */
export interface ArchiveBatch {
  readonly from: ArchiveHead;
  readonly to: ArchiveHead;
  readonly links: readonly ArchiveLink[];
  readonly holes: readonly Hole[];
}

/** SHA-256 over the hash before, the sequence (8 bytes, big-endian) and the body (UTF-8). So each hash stands for all events up to it. */
export function linkHash(before: Buffer, sequence: number, body: string): Buffer {
  const head = Buffer.allocUnsafe(HASH_BYTES + SEQUENCE_BYTES);
  before.copy(head);
  head.writeBigUInt64BE(BigInt(sequence), HASH_BYTES);
  return createHash('sha256').update(head).update(body).digest();
}

const DAY_MS = 86_400_000;

/** UTC day of a moment. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Formats each day once: events come in the order of time, nearly. */
class Days {
  private last = NaN;
  private text = '';

  of(time: number): string {
    const day = Math.floor(time / DAY_MS);
    if (day !== this.last) [this.last, this.text] = [day, dayOf(time)];
    return this.text;
  }
}

/** Puts events, at least one and in the order of the log, behind the end of an archive. */
export function chained(from: ArchiveHead, events: readonly ArchivedEvent[], incarnation: string): ArchiveBatch {
  const days = new Days();
  const holes: Hole[] = [];
  let { sequence, hash, day } = from;
  const links = events.map((event) => {
    if (sequence > 0 && event.sequence > sequence + 1) holes.push({ first: sequence + 1, last: event.sequence - 1 });
    sequence = event.sequence;
    hash = linkHash(hash, sequence, event.body);
    const own = days.of(event.time);
    if (own > day) day = own;
    return { event, day, hash };
  });
  return { from, to: { sequence, hash, day, incarnation }, links, holes };
}
