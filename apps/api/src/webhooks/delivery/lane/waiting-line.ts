import type { Due } from '../store/delivery-store.js';

/** Bytes of a batch at most; an event that is longer goes alone. */
export const MAX_BATCH_BYTES = 512 * 1024;

export interface Waiting extends Due {
  /** Unix ms by this process's clock. */
  readonly notBefore: number;
}

/** The deliveries of one endpoint that are in memory and wait to be sent: as they came, or in order of their sequence. */
export class WaitingLine {
  private line: Waiting[] = [];

  get first(): Waiting | undefined {
    return this.line[0];
  }

  get length(): number {
    return this.line.length;
  }

  get sequences(): number[] {
    return this.line.map(({ sequence }) => sequence);
  }

  add(dues: readonly Waiting[], inOrder: boolean): void {
    this.line.push(...dues);
    if (inOrder) this.line.sort((a, b) => a.sequence - b.sequence);
  }

  /** Keeps the first ones only. */
  shorten(length: number): void {
    this.line.length = Math.min(this.line.length, length);
  }

  /** Takes what goes out in one request: from the first on, as long as they are due, and no more bytes than a batch may have. */
  cut(most: number, now: number): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { body, notBefore } of this.line.slice(0, most)) {
      bytes += body?.length ?? 0;
      if (count > 0 && (bytes > MAX_BATCH_BYTES || notBefore > now || body === undefined)) break;
      count += 1;
      // What the archive has lost goes alone, as nothing will be sent of it.
      if (body === undefined) break;
    }
    return this.line.splice(0, count);
  }
}
