import type { Cluster } from '../cluster.js';
import { Heap } from '../heap.js';
import type { Kind } from './pending-queue.js';
import { isBefore, type Waiting } from './waiting-line.js';

/** The first VM of a kind. */
export interface Head extends Waiting {
  readonly kind: Kind;
}

/** The first VM of each kind that is looked at in this turn, most urgent first. */
export class Heads {
  private readonly heap = new Heap<Head>(isBefore);

  constructor(
    private readonly cluster: Cluster,
    kinds: Iterable<Kind>,
  ) {
    for (const kind of kinds) this.add(kind);
  }

  get first(): Head | undefined {
    return this.heap.first;
  }

  /** Those behind the first, in no order. */
  *others(): Iterable<Head> {
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
    if (first !== undefined) this.heap.add({ ...first, kind });
  }
}
