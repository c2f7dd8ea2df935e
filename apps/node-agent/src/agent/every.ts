import type { Alarm, Clock } from '#events';

/**
 * Does something every `ms`, the first time after `firstMs`; waits for its end before the next pause begins. `task` must not reject.
 * Call the result to stop.
 */
export function every(clock: Clock, ms: number, firstMs: number, task: () => void | Promise<void>): () => void {
  let alarm: Alarm | undefined;
  let stopped = false;
  const arm = (delayMs: number): void => {
    if (!stopped) alarm = clock.after(delayMs, () => void run());
  };
  const run = async (): Promise<void> => {
    await task();
    arm(ms);
  };
  arm(firstMs);
  return () => {
    stopped = true;
    alarm?.cancel();
  };
}
