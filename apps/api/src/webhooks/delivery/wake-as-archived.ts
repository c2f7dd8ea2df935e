import type { Clock } from '#events';
import type { FollowerGate } from '../../projections/follower-gate.js';

/** How long one waits for news; then one asks again. */
const PATIENCE_MS = 60_000;
/** Between two looks: what is archived meanwhile is found by the same look. */
const GAP_MS = 25;

/**
 * Looks for deliveries whenever the archive has grown, on whatever replica: what is queued is queued with it. Replicas hear of it over
 * core NATS; should they not, the engine looks now and then anyway.
 */
export async function wakeAsArchived(
  gate: Pick<FollowerGate, 'reached' | 'reachedSequence'>,
  clock: Pick<Clock, 'sleep'>,
  wake: () => void,
  signal: AbortSignal,
): Promise<void> {
  const stopped = new Promise<false>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), { once: true }),
  );
  for (let seen = gate.reachedSequence; !signal.aborted;) {
    const grown = gate.reached(seen + 1, PATIENCE_MS).then(
      () => true,
      () => false,
    );
    const isNews = await Promise.race([grown, stopped]);
    seen = gate.reachedSequence;
    if (isNews) wake();
    await clock.sleep(GAP_MS, signal).catch(() => undefined);
  }
}
