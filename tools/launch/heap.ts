import type { AppProcessName } from './orphans.js';

const BYTES_PER_MIB = 1024 * 1024;
/** Of the machine's memory. Node itself stops at a quarter, and at 4 GiB at most. */
const SCHEDULER_SHARE = 0.5;

/** What is young is copied until it is old, and nearly all that the scheduler makes for a VM grows old: seldom is cheaper. */
const YOUNG_MIB = 64;

/** The scheduler holds the whole cluster in memory, some 2 KB for a VM: it may use more than Node would let it. */
export function heapArguments(app: AppProcessName, memoryBytes: number): readonly string[] {
  if (app !== 'scheduler') return [];
  const oldMiB = Math.floor((memoryBytes * SCHEDULER_SHARE) / BYTES_PER_MIB);
  return [`--max-old-space-size=${oldMiB}`, `--max-semi-space-size=${YOUNG_MIB}`];
}
