/** Within this time COMMANDS stores a message id once, ms. After it, the decider's own memory of commands takes over. */
export const COMMAND_WINDOW_MS = 120_000;

/**
 * The same for EVENTS, ms. The guard alone lets every event in exactly once; the window only recognises our own append that arrives
 * late, after a broken connection. The server keeps the ids of the window in memory, about 256 bytes each, so it is short: at 50,000
 * events a second it costs 130 MB.
 */
export const EVENT_WINDOW_MS = 10_000;
