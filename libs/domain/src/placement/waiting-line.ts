import type { VmId } from '../ids.js';

/** A VM's place in the queue: most urgent first, then in the order of acceptance. */
export interface Waiting {
  readonly priority: number;
  /** Sequence of acceptance. No two VMs have the same. */
  readonly sequence: number;
  readonly vmId: VmId;
}

export const isBefore = (a: Waiting, b: Waiting): boolean =>
  a.priority < b.priority || (a.priority === b.priority && a.sequence < b.sequence);

/** Sorted by place. Joining at the end and leaving at the front, what mostly happens, cost next to nothing. */
export class WaitingLine implements Iterable<Waiting> {
  private entries: Waiting[] = [];
  /** Entries before this one have left. */
  private start = 0;

  get size(): number {
    return this.entries.length - this.start;
  }

  get first(): Waiting | undefined {
    return this.entries[this.start];
  }

  add(entry: Waiting): void {
    this.entries.splice(this.indexOf(entry), 0, entry);
  }

  remove(entry: Waiting): boolean {
    const index = this.indexOf(entry);
    if (this.entries[index]?.vmId !== entry.vmId) return false;
    if (index > this.start) this.entries.splice(index, 1);
    else this.start++;
    this.dropLeft();
    return true;
  }

  *[Symbol.iterator](): Iterator<Waiting> {
    for (let index = this.start; index < this.entries.length; index++) yield this.entries[index] as Waiting;
  }

  /** Position of the first entry that is not before the given one. */
  private indexOf(entry: Waiting): number {
    let low = this.start;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.entries[middle] as Waiting, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves the array only when half of it has left, so that leaving is cheap on average. */
  private dropLeft(): void {
    if (this.start * 2 <= this.entries.length) return;
    this.entries = this.entries.slice(this.start);
    this.start = 0;
  }
}
