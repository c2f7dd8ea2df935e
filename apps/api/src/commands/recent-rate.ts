import type { Clock } from '#events';

/** What the rate is taken over. */
const WINDOW_S = 60;

/** How often something happened lately, counted by the second. */
export class RecentRate {
  private readonly counts = new Array<number>(WINDOW_S).fill(0);
  private lastSecond = 0;

  constructor(private readonly clock: Clock) {}

  count(): void {
    const second = this.advance();
    this.counts[second % WINDOW_S] = (this.counts[second % WINDOW_S] ?? 0) + 1;
  }

  /** Per second, over the last minute. */
  perSecond(): number {
    this.advance();
    return this.counts.reduce((sum, count) => sum + count, 0) / WINDOW_S;
  }

  /** Empties the seconds in which nothing happened. */
  private advance(): number {
    const second = Math.floor(this.clock.now() / 1000);
    for (let empty = Math.max(this.lastSecond + 1, second - WINDOW_S + 1); empty <= second; empty++)
      this.counts[empty % WINDOW_S] = 0;
    this.lastSecond = Math.max(second, this.lastSecond);
    return this.lastSecond;
  }
}
