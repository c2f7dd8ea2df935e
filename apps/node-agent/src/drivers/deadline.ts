import type { Clock } from './clock.js';

/** A signal that fires after `ms`, with the outer signal, or when stopped, whichever is first. Stop it in the end. */
export function deadline(clock: Clock, ms: number, outer?: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const timer = new AbortController();
  const fired = new AbortController();
  const fire = (): void => fired.abort();
  const stop = (): void => timer.abort();
  outer?.addEventListener('abort', stop, { once: true });
  if (outer?.aborted) stop();
  void clock.sleep(ms, timer.signal).then(fire, fire);
  return {
    signal: fired.signal,
    stop: () => {
      outer?.removeEventListener('abort', stop);
      stop();
    },
  };
}
