/** Events appended and not yet known to be durable; beyond it the loop waits, and commands wait in their stream. */
export const MAX_EVENTS_IN_FLIGHT = 2000;
/** Timers are not fired more often than this: one command fires all that are due. */
export const MIN_TIMER_INTERVAL_MS = 50;
/** How often silence is judged. */
export const SILENCE_CHECK_MS = 1000;
/** How often a command may break the decider before it is recorded as failed and skipped (law 9). */
export const MAX_STRIKES = 2;
/** Desired-state values on their way at once. */
export const MAX_PUTS_IN_FLIGHT = 256;
/** Wait before another try when something that a term needs is away. */
export const RETRY_MS = 500;
/**
 * How often every node's desired state is written again. A predecessor that was frozen in the middle of a write may overwrite a newer
 * value when it thaws; nobody would notice until the node changes again.
 */
export const DESIRED_REFRESH_MS = 60_000;
