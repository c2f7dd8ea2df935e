import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';

/** No more addresses are given out. VMs keep those that they have. */
export function purgeMacPool(turn: Turn): Refusal | undefined {
  if (!turn.resumed && turn.cluster.macPool !== undefined) turn.emit({ type: 'PurgeMacPool' });
  return undefined;
}
