import type { Clock, Feed, LoggedEvent } from '#events';

export interface BatchLimits {
  /** Events in a batch at most. */
  readonly maxEvents: number;
  /** How long the first event of a batch waits for company, ms. */
  readonly lingerMs: number;
  /** Small batches come no sooner after each other: what a batch of any size costs is paid no more often. Absent: at once. */
  readonly gap?: {
    readonly ms: number;
    /** So many events do not wait for it. */
    readonly enough: number;
  };
}

/** How many batches are read ahead while one is being written. */
const BATCHES_AHEAD = 2;

/** The event itself, decoded where that holds nobody up. */
export const decoded = (event: LoggedEvent): LoggedEvent => {
  void event.recorded;
  return event;
};

/** Cuts a feed into batches: full ones, or what has come when the first has waited long enough. Reads on while a batch is in use. */
export class EventBatches<T> {
  private readonly queue: T[] = [];
  private ended = false;
  private lastAt = -Infinity;
  private failure: { readonly cause: unknown } | undefined;
  private wanted = Infinity;
  private ring: () => void = () => undefined;
  private makeRoom: () => void = () => undefined;

  constructor(
    private readonly feed: Feed<LoggedEvent>,
    private readonly clock: Clock,
    private readonly limits: BatchLimits,
    private readonly prepare: (event: LoggedEvent) => T,
  ) {
    void this.pump();
  }

  /** The next batch; an empty one when the feed has ended. Throws what the feed threw, after the last batch. */
  async next(): Promise<T[]> {
    const { maxEvents, lingerMs, gap } = this.limits;
    if (this.queue.length === 0) await this.until(1);
    const gapLeftMs = gap === undefined ? 0 : this.lastAt + gap.ms - this.clock.now();
    const [ms, count] = gap !== undefined && gapLeftMs > lingerMs ? [gapLeftMs, gap.enough] : [lingerMs, maxEvents];
    if (ms > 0 && this.queue.length < count && !this.ended) await this.gather(ms, count);
    const batch = this.queue.splice(0, maxEvents);
    this.lastAt = this.clock.now();
    this.makeRoom();
    if (batch.length === 0 && this.failure !== undefined) throw this.failure.cause;
    return batch;
  }

  /** Waits for so long, or until so many events are here. */
  private async gather(ms: number, count: number): Promise<void> {
    const alarm = this.clock.after(ms, () => this.ring());
    await this.until(count);
    alarm.cancel();
  }

  private async pump(): Promise<void> {
    try {
      for await (const event of this.feed) {
        // Here, while the batch before is being written, and not when this one's turn has come.
        this.queue.push(this.prepare(event));
        if (this.queue.length >= this.wanted) this.ring();
        if (this.queue.length >= this.limits.maxEvents * BATCHES_AHEAD) await this.room();
      }
    } catch (cause) {
      this.failure = { cause };
    }
    this.ended = true;
    this.ring();
  }

  private room(): Promise<void> {
    return new Promise((resolve) => (this.makeRoom = resolve));
  }

  /** Until that many events are here, the feed has ended, or somebody rings. */
  private async until(count: number): Promise<void> {
    if (this.ended || this.queue.length >= count) return;
    this.wanted = count;
    await new Promise<void>((resolve) => (this.ring = resolve));
    this.wanted = Infinity;
  }
}
