/** By how much a step is longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.1;
/** A receiver may ask for no more patience than this. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * When a delivery is tried again after its `attempts`-th failure, ms from now; undefined when the schedule is over. `chance` is from 0
 * to 1. A receiver's Retry-After makes it later, never earlier: the schedule must last its days.
 */
export function nextTryInMs(
  scheduleMs: readonly number[],
  attempts: number,
  chance: number,
  retryAfterMs = 0,
): number | undefined {
  const step = scheduleMs[attempts - 1];
  if (step === undefined) return undefined;
  const jittered = step * (1 - JITTER + 2 * JITTER * chance);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
