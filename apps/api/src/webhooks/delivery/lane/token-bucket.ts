/** So many requests per second, and no more than one second's worth at once. Driven by the time that is given to it. */
export class TokenBucket {
  private tokens: number;
  private at = -Infinity;

  constructor(private readonly perSecond: number) {
    this.tokens = this.capacity;
  }

  private get capacity(): number {
    return Math.max(1, this.perSecond);
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    this.fill(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** When there will be one, unix ms; not later than now when there is. */
  readyAt(now: number): number {
    this.fill(now);
    return this.tokens >= 1 ? now : now + Math.ceil(((1 - this.tokens) * 1000) / this.perSecond);
  }

  private fill(now: number): void {
    if (now <= this.at) return;
    const grown = this.at === -Infinity ? 0 : ((now - this.at) * this.perSecond) / 1000;
    this.tokens = Math.min(this.capacity, this.tokens + grown);
    this.at = now;
  }
}
