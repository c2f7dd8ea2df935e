/** How to read a node's silence. */
export type Silence = 'fresh' | 'late' | 'silent';

/**
 * Judges a node by its last heartbeat, as one judges a friend who always calls on Sundays: one missed call is late, many are silence.
 * Late from half of the limit on. Pure arithmetic; both times unix ms. A beat from the future (a stepped clock) counts as fresh.
 */
export function judgeSilence(lastBeatAt: number, now: number, silentAfterMs: number): Silence {
  const quietMs = now - lastBeatAt;
  if (quietMs >= silentAfterMs) return 'silent';
  return quietMs >= silentAfterMs / 2 ? 'late' : 'fresh';
}
