import type { VmId } from '../ids.js';

interface Waiting {
  readonly priority: number;
  /** Sequence of acceptance: first in, first out within a priority. */
  readonly sequence: number;
  readonly vmId: VmId;
}

/** VMs that wait for a node, most urgent first. Kept sorted: an arrival costs a binary search. */
export class PendingQueue implements Iterable<VmId> {
  private readonly waiting: Waiting[] = [];

  get size(): number {
    return this.waiting.length;
  }

  add(vmId: VmId, priority: number, sequence: number): void {
    this.waiting.splice(this.indexOf(priority, sequence), 0, { priority, sequence, vmId });
  }

  remove(vmId: VmId, priority: number, sequence: number): void {
    const index = this.indexOf(priority, sequence);
    if (this.waiting[index]?.vmId === vmId) this.waiting.splice(index, 1);
  }

  /** In order. The queue must not change while it is iterated. */
  *[Symbol.iterator](): Iterator<VmId> {
    for (const { vmId } of this.waiting) yield vmId;
  }

  /** Position of the first entry that is not before (priority, sequence). */
  private indexOf(priority: number, sequence: number): number {
    let low = 0;
    let high = this.waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.waiting[middle] as Waiting;
      const before = entry.priority < priority || (entry.priority === priority && entry.sequence < sequence);
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
