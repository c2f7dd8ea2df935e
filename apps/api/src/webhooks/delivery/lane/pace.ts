import type { AttemptResult } from '../sender.js';
import { MAX_RETRY_AFTER_MS } from './retry-schedule.js';

/** After so many failures in a row nothing is sent but a probe now and then. */
export const BREAKER_FAILURES = 5;
/** Between probes: at first and at most. */
const FIRST_PROBE_MS = 5_000;
const LONGEST_PROBE_MS = 300_000;
/** When a receiver asks us to slow down without saying for how long: at first and at most. */
const FIRST_THROTTLE_MS = 1_000;
const LONGEST_THROTTLE_MS = 60_000;
/** Codes by which a receiver, or what stands before it, says that there is too much. */
const THROTTLING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * How hard an endpoint may be pressed. Failures in a row open the breaker: then one probe at a time goes out, so that an hour of
 * silence costs a few messages one step of their schedule each, and not thousands all of them. A receiver that says "too much" gets half as
 * many requests at once, after a pause; each success allows one more again.
 */
export class Pace {
  private failures = 0;
  private throttles = 0;
  private notBefore = -Infinity;
  private window: number;

  constructor(
    private readonly concurrency: number,
    private readonly longestProbeMs = LONGEST_PROBE_MS,
  ) {
    this.window = concurrency;
  }

  get isOpen(): boolean {
    return this.failures >= BREAKER_FAILURES;
  }

  /** Requests that may be under way at once. */
  get atOnce(): number {
    return this.isOpen ? 1 : Math.floor(this.window);
  }

  /** From when on something may be sent, unix ms. */
  get opensAt(): number {
    return this.notBefore;
  }

  succeeded(): void {
    this.failures = 0;
    this.throttles = 0;
    this.notBefore = -Infinity;
    this.window = Math.min(this.concurrency, this.window + 1);
  }

  /** `chance` is from 0 to 1. */
  failed({ status, retryAfterMs }: Pick<AttemptResult, 'status' | 'retryAfterMs'>, now: number, chance: number): void {
    this.failures += 1;
    const throttles = status !== undefined && THROTTLING.has(status);
    if (throttles) this.throttle(retryAfterMs, now);
    if (!this.isOpen) return;
    this.window = 1;
    const probeMs = doubled(FIRST_PROBE_MS, this.failures - BREAKER_FAILURES, LONGEST_PROBE_MS);
    this.pause(now + Math.min(probeMs, this.longestProbeMs) * (0.5 + chance / 2));
  }

  private throttle(retryAfterMs: number | undefined, now: number): void {
    this.window = Math.max(1, this.window / 2);
    const pauseMs = retryAfterMs ?? doubled(FIRST_THROTTLE_MS, this.throttles, LONGEST_THROTTLE_MS);
    this.throttles += 1;
    this.pause(now + Math.min(pauseMs, MAX_RETRY_AFTER_MS));
  }

  private pause(until: number): void {
    this.notBefore = Math.max(this.notBefore, Math.ceil(until));
  }
}

const doubled = (first: number, times: number, most: number): number =>
  Math.min(first * 2 ** Math.min(times, 30), most);
