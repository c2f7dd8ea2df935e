import type { Cluster } from '../cluster.js';
import { macNumber, macText } from './mac-address.js';

/** The addresses that VMs get which ask for none of their own (anka.md §2.7). Both ends belong to it, as numbers. */
export interface MacPool {
  readonly from: number;
  readonly to: number;
  /** No address below it is free; behind the end: none is. */
  lowest: number;
}

/** The address that a VM gets if it is placed now: of those that no VM with a seat has the lowest. Undefined when there is none. */
export function freeMac({ macPool }: Cluster): string | undefined {
  return macPool === undefined || macPool.lowest > macPool.to ? undefined : macText(macPool.lowest);
}

/** An address has found a holder, or has lost its last one. */
export function macMoved(cluster: Cluster, address: string): void {
  const { macPool, macs } = cluster;
  const number = macNumber(address);
  if (macPool === undefined || number < macPool.from || number > macPool.to) return;
  if (!macs.has(address)) macPool.lowest = Math.min(macPool.lowest, number);
  else if (number === macPool.lowest) skipHeld(cluster, macPool);
}

export function skipHeld({ macs }: Cluster, pool: MacPool): void {
  while (pool.lowest <= pool.to && macs.has(macText(pool.lowest))) pool.lowest++;
}
