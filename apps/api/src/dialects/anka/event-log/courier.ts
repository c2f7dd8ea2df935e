import type { Clock } from '#events';

/** Where records go. */
export interface Sink {
  /** Returns when the record was taken. Throws otherwise; the message says why, and holds no secret. */
  send(text: string): Promise<void>;
}

/** How a courier goes on after failures. */
export interface Patience {
  /** So many failures in a row are followed by short pauses; after more the sink counts as away. */
  readonly quickRetries: number;
}

/** Pauses after the first failures: the first, twice as long each time, and the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_QUICK_PAUSE_MS = 5_000;
/** How often a sink that is away is asked. */
export const AWAY_PAUSE_MS = 30_000;

/** The pause after so many failures in a row. */
export function pauseAfter(failures: number, { quickRetries }: Patience): number {
  if (failures > quickRetries) return AWAY_PAUSE_MS;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_QUICK_PAUSE_MS);
}

/** What a courier has to tell of the sink. */
export interface CourierNews {
  /** A send failed, and everybody waits. */
  failed(reason: string, failures: number, pauseMs: number): void;
  /** Sends succeed again. */
  recovered(failures: number): void;
}

/**
 * Brings records to a sink until it takes them: never gives one up, because the sink may be away for hours and nothing may be lost.
 * All who send share the pauses, so that a sink in trouble is not asked by each of them.
 */
export class Courier {
  private failures = 0;
  private closedUntil = 0;

  constructor(
    private readonly sink: Sink,
    private readonly clock: Clock,
    private readonly patience: Patience,
    private readonly news: CourierNews,
  ) {}

  /** True when the sink has taken the record; false when the signal came first. */
  async bring(text: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const waitMs = this.closedUntil - this.clock.now();
      if (waitMs > 0) {
        await this.clock.sleep(waitMs, signal).catch(() => undefined);
        continue;
      }
      try {
        await this.sink.send(text);
        this.succeeded();
        return true;
      } catch (error) {
        this.failed(error instanceof Error ? error.message : String(error));
      }
    }
    return false;
  }

  private succeeded(): void {
    // One that was sent before the trouble says nothing about its end.
    if (this.failures === 0 || this.clock.now() < this.closedUntil) return;
    this.news.recovered(this.failures);
    this.failures = 0;
  }

  private failed(reason: string): void {
    // Of several that were under way together, only the first counts.
    if (this.clock.now() < this.closedUntil) return;
    const pauseMs = pauseAfter(++this.failures, this.patience);
    this.closedUntil = this.clock.now() + pauseMs;
    this.news.failed(reason, this.failures, pauseMs);
  }
}
