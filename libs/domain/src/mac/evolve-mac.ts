import type { Cluster } from '../cluster.js';
import { macNumber } from './mac-address.js';
import type { MacEvent } from './mac-events.js';
import { type MacPool, skipHeld } from './mac-pool.js';

/** Folds one fact about the pool of MAC addresses. */
export function evolveMac(cluster: Cluster, event: MacEvent): void {
  if (event.type === 'PurgeMacPool') {
    delete cluster.macPool;
    return;
  }
  const from = macNumber(event.from);
  const pool: MacPool = { from, to: macNumber(event.to), lowest: from };
  cluster.macPool = pool;
  skipHeld(cluster, pool);
}
