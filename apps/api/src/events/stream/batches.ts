import type { Fits } from './live-event.js';
import type { Ring } from './ring.js';

/** Bytes after which a batch ends: what a follower that stops reading keeps in memory beyond its socket's own buffer. */
export const BATCH_BYTES = 64 * 1024;

/** What a follower asks for. Followers with the same key ask for the same. */
export interface Wanted {
  readonly key: string;
  readonly fits: Fits;
}

/** The frames of one stretch of the log, as one piece. */
export interface Batch {
  /** Undefined: nothing in the stretch is wanted. */
  readonly bytes: Buffer | undefined;
  readonly events: number;
  /** Sequence of the last frame. */
  readonly told: number;
  /** Up to here all was looked at. */
  readonly upTo: number;
}

/** Stretches of the ring, made once for all followers who stand at the same place and want the same. */
export class Batches {
  private known = new Map<string, Map<number, Batch>>();
  private knownUpTo = -1;

  /** What comes after the sequence; undefined when nothing does. The ring must reach that far back. */
  after(ring: Ring, { key, fits }: Wanted, sequence: number): Batch | undefined {
    if (sequence >= ring.last) return undefined;
    if (this.knownUpTo !== ring.last) {
      this.known = new Map();
      this.knownUpTo = ring.last;
    }
    const ofKey = this.known.get(key) ?? new Map<number, Batch>();
    this.known.set(key, ofKey);
    const batch = ofKey.get(sequence) ?? cut(ring, fits, sequence);
    ofKey.set(sequence, batch);
    return batch;
  }
}

function cut(ring: Ring, fits: Fits, sequence: number): Batch {
  const frames: Buffer[] = [];
  let [bytes, told, upTo] = [0, 0, sequence];
  for (let place = ring.placeAfter(sequence); bytes < BATCH_BYTES; place++) {
    const event = ring.at(place);
    if (event === undefined) break;
    upTo = event.sequence;
    if (!fits(event)) continue;
    told = event.sequence;
    bytes += event.frame.length;
    frames.push(event.frame);
  }
  return { bytes: frames.length > 1 ? Buffer.concat(frames, bytes) : frames[0], events: frames.length, told, upTo };
}
