/** With so many deliveries aside no more are fetched: whatever is wrong, it is not about them alone. */
export const MAX_ASIDE = 256;

/** Deliveries of a lane that were tried, but whose result cannot be written down: for the store they are still due. */
export class Aside {
  private readonly until = new Map<number, number>();

  get sequences(): Iterable<number> {
    return this.until.keys();
  }

  get isFull(): boolean {
    return this.until.size >= MAX_ASIDE;
  }

  put(sequence: number, again: number): void {
    this.until.set(sequence, again);
  }

  /** Forgets those whose time has come. Returns when that of the next one comes, unix ms, or `Infinity`. */
  letGo(now: number): number {
    for (const [sequence, again] of this.until) if (again <= now) this.until.delete(sequence);
    return Math.min(...this.until.values());
  }
}
