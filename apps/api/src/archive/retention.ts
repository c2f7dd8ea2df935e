import type { Clock } from '#events';
import type { Log } from '../shell/log.js';

/** How often somebody looks whether a day has become too old. */
export const LOOK_FOR_OLD_DAYS_EVERY_MS = 10 * 60_000;

export interface RetentionNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** Drops what is too old by this time, unix ms; returns how many days. */
  readonly drop: (now: number) => Promise<number>;
}

/** Lets old days of the archive go, now and then. Every replica does; only the first finds something to drop. */
export class Retention {
  constructor(private readonly needs: RetentionNeeds) {}

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, drop } = this.needs;
    while (!signal.aborted) {
      await clock.sleep(LOOK_FOR_OLD_DAYS_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const days = await drop(clock.now());
        if (days > 0) log.info('days of the archive were too old and are gone', { days });
      } catch (error) {
        log.warn('old days of the archive wait for the next turn', { error: String(error) });
      }
    }
  }
}
