import type { AppProcessName } from './orphans.js';

const BYTES_PER_MIB = 1024 * 1024;
/** Of the machine's memory. Node itself stops at a quarter, and at 4 GiB at most. */
const SCHEDULER_SHARE = 0.5;

/**
 * What is young is copied until it is old. Nearly all that the scheduler makes for a VM grows old; of what the API makes for a request or a
 * batch of events nearly nothing does, if it is given the time: seldom is cheaper for both. Nodes have other things to do with memory.
 */
const YOUNG_MIB = { scheduler: 64, api: 32 } as const;

/** The scheduler holds the whole cluster in memory, some 2 KB for a VM: it may use more than Node would let it. */
export function heapArguments(app: AppProcessName, memoryBytes: number): readonly string[] {
  if (app === 'node-agent') return [];
  const young = `--max-semi-space-size=${YOUNG_MIB[app]}`;
  if (app === 'api') return [young];
  const oldMiB = Math.floor((memoryBytes * SCHEDULER_SHARE) / BYTES_PER_MIB);
  return [`--max-old-space-size=${oldMiB}`, young];
}
