import type { NodeId } from '../ids.js';
import type { Node } from '../node/node.js';

/** A node with room, at the load that it had when it was put into the list. */
export interface Open {
  readonly node: Node;
  readonly load: number;
}

/** Nodes with room, the least loaded first, by id among equals. */
export class OpenNodes implements Iterable<Node> {
  private readonly entries: Open[] = [];

  get size(): number {
    return this.entries.length;
  }

  add(open: Open): void {
    this.entries.splice(this.indexOf(open.load, open.node.id), 0, open);
  }

  remove(open: Open): void {
    const index = this.indexOf(open.load, open.node.id);
    if (this.entries[index]?.node === open.node) this.entries.splice(index, 1);
  }

  *[Symbol.iterator](): Iterator<Node> {
    for (const { node } of this.entries) yield node;
  }

  /** Position of the first entry that is not before (load, id). */
  private indexOf(load: number, id: NodeId): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle] as Open;
      if (entry.load < load || (entry.load === load && entry.node.id < id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
