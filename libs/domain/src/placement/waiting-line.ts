import { Heap } from '../heap.js';
import type { VmId } from '../ids.js';

/** What decides whether a node can take a VM and what it is worth to it, as text: VMs of one kind can take each other's place. */
export type Kind = string;

/** A VM's place in the queue. */
export interface Waiting {
  readonly vmId: VmId;
  readonly kind: Kind;
  readonly priority: number;
  /**
   * When it would have been accepted if all priorities were the same, unix ms: what is less urgent counts as later. Two VMs grow old
   * equally fast, so ageing never changes who is before whom, and nobody is overtaken for ever.
   */
  readonly key: number;
  /** Sequence of acceptance. No two VMs have the same. */
  readonly sequence: number;
  hasLeft: boolean;
}

export const isBefore = (a: Waiting, b: Waiting): boolean =>
  a.key < b.key || (a.key === b.key && a.sequence < b.sequence);

/** VMs of one kind, in the order of their places. Whoever leaves from the middle is recognised when he comes to the front. */
export class WaitingLine {
  private readonly heap = new Heap<Waiting>(isBefore);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get first(): Waiting | undefined {
    this.dropGone();
    return this.heap.first;
  }

  add(entry: Waiting): void {
    this.heap.add(entry);
    this.count++;
  }

  /** The entry must be here. */
  remove(entry: Waiting): void {
    entry.hasLeft = true;
    this.count--;
    // A line that nobody reads must not keep those who left.
    if (this.heap.size > 2 * this.count) this.heap.keep(({ hasLeft }) => !hasLeft);
  }

  private dropGone(): void {
    while (this.heap.first?.hasLeft === true) this.heap.take();
  }
}
