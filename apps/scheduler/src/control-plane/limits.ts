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
/** VMs named per second by all desired-state values together: about a fifth of a core. Beyond it, nodes take turns. */
export const WISHES_PER_SECOND = 200_000;
/** So much may be written at once after a quiet time, as the time in which it is earned. */
export const BURST_MS = 250;
/** After a node's value was written, the node is left alone for so long per VM that it names. */
export const REST_MS_PER_VM = 0.25;
export const LONGEST_REST_MS = 1000;
/** How long a change may wait that the node itself has reported. */
export const NOTE_DELAY_MS = 1000;
/** How much longer it waits at most for changes that others wait for. */
export const NOTE_PATIENCE_MS = 10_000;
/**
 * How often every node's desired state is written again, a few at a time. A predecessor that was frozen in the middle of a write may
 * overwrite a newer value when it thaws; nobody would notice until the node changes again.
 */
export const DESIRED_REFRESH_MS = 60_000;
export const DESIRED_REFRESH_STEP_MS = 1000;
/**
 * VMs named by what is written again in one step, so that a huge fleet takes longer instead of a share of the machine: VMs of which
 * nothing was heard for long are far away in memory.
 */
export const DESIRED_REFRESH_VMS = 2000;
/** Questions that wait for their turn; one more is left unanswered, and its asker is told to come back. */
export const MAX_QUESTIONS_WAITING = 64;
/**
 * After each explanation, this many times what it took belongs to the commands: questions never take more than a tenth of the leader's
 * time, however large the fleet and however many ask.
 */
export const REST_PER_EXPLANATION = 9;
/** No rest is longer, even if the clock was set in the middle of an explanation. */
export const LONGEST_EXPLANATION_REST_MS = 1000;
