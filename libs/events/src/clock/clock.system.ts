import type { Alarm, Clock } from '../ports/clock.js';
import { reasonOf } from './abort-reason.js';

/** The longest delay that the runtime's timers take; longer ones would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The host's clock. Its alarms do not keep the process alive; a `sleep` that somebody awaits does. */
export const systemClock: Clock = {
  now: () => Date.now(),

  after(ms: number, callback: () => void): Alarm {
    const timer = setTimeout(callback, clamp(ms));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(reasonOf(signal));
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(reasonOf(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, clamp(ms));
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};

const clamp = (ms: number): number => Math.min(Math.max(0, ms), LONGEST_TIMER_MS);
