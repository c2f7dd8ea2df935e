import { Heap } from '../heap.js';
import type { VmId } from '../ids.js';

/** A VM's place in the queue. */
export interface Waiting {
  readonly vmId: VmId;
  readonly priority: number;
  /**
   * When it would have been accepted if all priorities were the same, unix ms: what is less urgent counts as later. Two VMs grow old
   * equally fast, so ageing never changes who is before whom, and nobody is overtaken for ever.
   */
  readonly key: number;
  /** Sequence of acceptance. No two VMs have the same. */
  readonly sequence: number;
}

export const isBefore = (a: Waiting, b: Waiting): boolean =>
  a.key < b.key || (a.key === b.key && a.sequence < b.sequence);

/** VMs of one kind, in the order of their places. Whoever leaves from the middle is recognised when he comes to the front. */
export class WaitingLine {
  private readonly heap = new Heap<Waiting>(isBefore);
  private readonly here = new Set<Waiting>();

  get size(): number {
    return this.here.size;
  }

  get first(): Waiting | undefined {
    for (;;) {
      const { first } = this.heap;
      if (first === undefined || this.here.has(first)) return first;
      this.heap.take();
    }
  }

  add(entry: Waiting): void {
    this.here.add(entry);
    this.heap.add(entry);
  }

  remove(entry: Waiting): void {
    this.here.delete(entry);
    // Mostly it is the first that leaves, and a line that nobody reads must not keep those who left.
    if (this.heap.first === entry || this.heap.size > 2 * this.here.size) this.dropGone();
  }

  private dropGone(): void {
    while (this.heap.first !== undefined && !this.here.has(this.heap.first)) this.heap.take();
    if (this.heap.size <= 2 * this.here.size) return;
    this.heap.keep((entry) => this.here.has(entry));
  }
}
