import { Heap } from '#domain';

interface Happening {
  readonly at: number;
  /** Among happenings of one moment the one that was planned first comes first. */
  readonly serial: number;
  readonly happen: () => void;
}

/** What will happen, and virtual time, which jumps from one happening to the next. */
export class Agenda {
  private readonly heap = new Heap<Happening>((a, b) => a.at < b.at || (a.at === b.at && a.serial < b.serial));
  private serial = 0;
  private time: number;

  constructor(start: number) {
    this.time = start;
  }

  /** Unix ms. */
  get now(): number {
    return this.time;
  }

  /** Never before now. Times are whole milliseconds, as those of the stream. */
  at(time: number, happen: () => void): void {
    this.heap.add({ at: Math.max(this.time, Math.round(time)), serial: this.serial++, happen });
  }

  in(delayMs: number, happen: () => void): void {
    this.at(this.time + delayMs, happen);
  }

  /** Lives until nothing is planned any more, or until the time `end`. */
  runUntil(end: number): void {
    for (;;) {
      const next = this.heap.first;
      if (next === undefined || next.at > end) return;
      this.heap.take();
      this.time = next.at;
      next.happen();
    }
  }
}
