import type { Bookmark } from '#events';

/** What of the log is done: everything up to a place, and some beyond it. */
export class Progress {
  private readonly open = new Set<number>();
  private readonly done = new Set<number>();
  private reached: number;

  constructor(
    private readonly incarnation: string,
    { sequence, done }: Pick<Bookmark, 'sequence' | 'done'>,
  ) {
    this.reached = sequence;
    for (const one of done) this.done.add(one);
  }

  /** Whether it was done before, perhaps by another process. */
  isDone(sequence: number): boolean {
    return sequence <= this.reached || this.done.has(sequence);
  }

  /** Everything up to here was read; of it these are still to do. */
  begin(upTo: number, open: Iterable<number>): void {
    for (const sequence of open) this.open.add(sequence);
    this.reached = upTo;
  }

  finish(sequence: number): void {
    this.open.delete(sequence);
    this.done.add(sequence);
  }

  /** As it is to be remembered. */
  get bookmark(): Bookmark {
    const first = Math.min(this.reached + 1, ...this.open);
    // What lies before the first open one is done, and need not be named.
    for (const sequence of this.done) if (sequence < first) this.done.delete(sequence);
    return { incarnation: this.incarnation, sequence: first - 1, done: [...this.done].sort((a, b) => a - b) };
  }
}
