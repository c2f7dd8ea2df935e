/** The log is not looked at more often: each look asks the server a dozen questions. */
export const SHORTEST_LOOK_MS = 1000;
/** Fewer events than that are not worth another remnant. */
export const MIN_EVENTS_TO_CUT = 10_000;
/**
 * The remnant reaches so much further than the cut. A cut is a wish for a number of messages: whatever is appended before the server hears of
 * it moves it on, and what it takes away beyond its aim must be in the remnant all the same. So a wish may be late by so many events.
 */
export const MARGIN_EVENTS = 10_000;
/** Events read or written before others have their turn, and the pause that they have then. */
export const EVENTS_PER_TURN = 250;
export const PAUSE_MS = 5;
