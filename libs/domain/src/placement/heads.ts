import type { Cluster } from '../cluster.js';
import { Heap } from '../heap.js';
import { isBefore, type Kind, type Waiting } from './waiting-line.js';

/** The first VM of each kind that is looked at in this turn, most urgent first. */
export class Heads {
  private readonly heap = new Heap<Waiting>(isBefore);

  constructor(
    private readonly cluster: Cluster,
    kinds: Iterable<Kind>,
  ) {
    for (const kind of kinds) this.add(kind);
  }

  get first(): Waiting | undefined {
    return this.heap.first;
  }

  /** Those behind the first, in no order. */
  *others(): Iterable<Waiting> {
    for (const head of this.heap) if (head !== this.heap.first) yield head;
  }

  /** The kind of the first has nobody left for whom there is a node. */
  drop(): void {
    this.heap.take();
  }

  /** Some VM of the kind has left its line. */
  renew(kind: Kind): void {
    if (this.heap.first?.kind === kind) this.heap.take();
    else this.heap.keep((head) => head.kind !== kind);
    this.add(kind);
  }

  private add(kind: Kind): void {
    const first = this.cluster.pending.first(kind);
    if (first !== undefined) this.heap.add(first);
  }
}
