import type { Clock } from '../drivers/clock.js';

const PROGRESS_INTERVAL_MS = 1000;

/** Tells how much of a template has arrived, at most once a second and at the end. */
export class Progress {
  private toldAt = -Infinity;

  constructor(
    private readonly totalBytes: number,
    private doneBytes: number,
    private readonly tell: (fraction: number) => void,
    private readonly clock: Clock,
  ) {}

  /** `bytes` of the file now being pulled are here. */
  within(bytes: number): void {
    if (this.clock.now() - this.toldAt < PROGRESS_INTERVAL_MS) return;
    this.toldAt = this.clock.now();
    this.tell(Math.min(1, (this.doneBytes + bytes) / Math.max(1, this.totalBytes)));
  }

  completed(bytes: number): void {
    this.doneBytes += bytes;
  }

  finish(): void {
    this.tell(1);
  }
}

/** A signal that fires with the caller's, or when nothing has arrived for a while. */
export class StallGuard {
  private readonly fired = new AbortController();
  private readonly stopped = new AbortController();
  private arrivals = 0;
  private readonly forward: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly stallMs: number,
    private readonly outer: AbortSignal,
  ) {
    this.forward = () => this.fired.abort(outer.reason);
    outer.addEventListener('abort', this.forward);
    if (outer.aborted) this.forward();
    void this.watch();
  }

  get signal(): AbortSignal {
    return this.fired.signal;
  }

  arrived(): void {
    this.arrivals++;
  }

  stop(): void {
    this.outer.removeEventListener('abort', this.forward);
    this.stopped.abort();
  }

  private async watch(): Promise<void> {
    for (let seen = -1; seen !== this.arrivals;) {
      seen = this.arrivals;
      const slept = await this.clock.sleep(this.stallMs, this.stopped.signal).then(
        () => true,
        () => false,
      );
      if (!slept) return;
    }
    this.fired.abort(new Error(`nothing has arrived for ${this.stallMs} ms`));
  }
}
