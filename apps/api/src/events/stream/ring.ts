import type { LiveEvent } from './live-event.js';

/** Events kept for those who follow, and their bytes on the wire, at most; beyond either the oldest go. */
export const RING_EVENTS = 10_000;
export const RING_BYTES = 16 * 1024 * 1024;

export interface RingLimits {
  readonly events: number;
  readonly bytes: number;
}

/** The newest events of the log. Everything after `base` is here, up to `last`. */
export class Ring {
  private events: LiveEvent[] = [];
  /** Places at the front that are empty already: moving all others for each event would cost more than it frees. */
  private gone = 0;
  private bytes = 0;

  /** `base`: nothing up to there is here. */
  constructor(
    private from: number,
    private readonly limits: RingLimits = { events: RING_EVENTS, bytes: RING_BYTES },
  ) {}

  get base(): number {
    return this.from;
  }

  get last(): number {
    return this.events.at(-1)?.sequence ?? this.from;
  }

  /** Whether all that came after the sequence is here. */
  reaches(sequence: number): boolean {
    return sequence >= this.from;
  }

  push(event: LiveEvent): void {
    this.events.push(event);
    this.bytes += event.frame.length;
    while (this.size > 1 && (this.size > this.limits.events || this.bytes > this.limits.bytes)) this.dropOldest();
    if (this.gone > this.events.length / 2) {
      this.events = this.events.slice(this.gone);
      this.gone = 0;
    }
  }

  /** Index of the first event after the sequence, for `at`. */
  placeAfter(sequence: number): number {
    let [low, high] = [this.gone, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.events[middle] as LiveEvent).sequence > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  at(place: number): LiveEvent | undefined {
    return this.events[place];
  }

  private get size(): number {
    return this.events.length - this.gone;
  }

  private dropOldest(): void {
    const oldest = this.events[this.gone] as LiveEvent;
    this.events[this.gone++] = undefined as unknown as LiveEvent;
    this.from = oldest.sequence;
    this.bytes -= oldest.frame.length;
  }
}
