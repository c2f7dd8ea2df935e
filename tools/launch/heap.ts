import type { AppProcessName } from './orphans.js';

const BYTES_PER_MIB = 1024 * 1024;
/** Of the machine's memory. Node itself stops at a quarter, and at 4 GiB at most. */
const SCHEDULER_SHARE = 0.5;

/** The scheduler holds the whole cluster in memory, 1.5 KB for a VM: it may use more than Node would let it. */
export function heapArguments(app: AppProcessName, memoryBytes: number): readonly string[] {
  if (app !== 'scheduler') return [];
  return [`--max-old-space-size=${Math.floor((memoryBytes * SCHEDULER_SHARE) / BYTES_PER_MIB)}`];
}
