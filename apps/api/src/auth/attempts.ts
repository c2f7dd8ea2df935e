import type { Clock } from '#events';
import { TooManyAttempts } from './failures.js';

export interface AttemptLimits {
  /** Wrong attempts within the window after which nobody is listened to. */
  readonly most: number;
  readonly windowMs: number;
  /** Sources that are remembered; when there are more, the oldest is forgotten. */
  readonly sources: number;
}

export const WINDOW_MS = 60_000;
/** A client with a wrong password that polls every five seconds stays below. */
export const PER_ADDRESS: AttemptLimits = { most: 20, windowMs: WINDOW_MS, sources: 10_000 };
/** Wider, so that strangers cannot easily lock out the owner of a key whose name they know. */
export const PER_KEY: AttemptLimits = { most: 200, windowMs: WINDOW_MS, sources: 10_000 };

interface Count {
  failures: number;
  readonly until: number;
}

/** Wrong attempts to log in, by where they come from. Right ones cost nothing: some clients log in anew for every request. */
export class Attempts {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly limits: AttemptLimits,
  ) {}

  /** Throws `TooManyAttempts` when the source has failed too often of late. */
  check(source: string): void {
    const count = this.current(source);
    if (count === undefined || count.failures < this.limits.most) return;
    throw new TooManyAttempts(Math.max(1, Math.ceil((count.until - this.clock.now()) / 1000)));
  }

  failed(source: string): void {
    const count = this.current(source);
    if (count !== undefined) {
      count.failures++;
      return;
    }
    this.counts.delete(source);
    this.counts.set(source, { failures: 1, until: this.clock.now() + this.limits.windowMs });
    if (this.counts.size <= this.limits.sources) return;
    const [oldest = ''] = this.counts.keys();
    this.counts.delete(oldest);
  }

  private current(source: string): Count | undefined {
    const count = this.counts.get(source);
    return count !== undefined && count.until > this.clock.now() ? count : undefined;
  }
}
