import type { Cluster, Node, NodeId, Vm } from '#domain';
import { demandOf } from '../../../libs/domain/src/placement/demand.js';
import { whyNot } from '../../../libs/domain/src/placement/filters.js';
import type { Found, NodeFinder } from '../../../libs/domain/src/placement/node-finder.js';
import { Random } from '../random.js';

/** Looks at every node each time, remembers nothing, and knows no caches: what a plain controller does. */
abstract class PlainFinder implements NodeFinder {
  changed(): void {}
  loadChanged(): void {}
  removed(): void {}

  best(cluster: Cluster, vm: Vm, cachedOnly: boolean): Found | undefined {
    const demand = demandOf(cluster, vm);
    const node = this.choose(cluster, (candidate) => {
      if (cachedOnly && !candidate.cached.has(demand.image)) return false;
      return whyNot(candidate, demand) === undefined;
    });
    return node && { node, isCached: node.cached.has(demand.image) };
  }

  /** Never worth waiting for. */
  dueFree(): undefined {
    return undefined;
  }

  protected abstract choose(cluster: Cluster, passes: (node: Node) => boolean): Node | undefined;
}

/** The first node, in the order of ids, that passes all filters. */
export class FirstFit extends PlainFinder {
  private ids: NodeId[] = [];

  protected choose(cluster: Cluster, passes: (node: Node) => boolean): Node | undefined {
    if (this.ids.length !== cluster.nodes.size) this.ids = [...cluster.nodes.keys()].sort();
    for (const id of this.ids) {
      const node = cluster.nodes.get(id);
      if (node !== undefined && passes(node)) return node;
    }
    return undefined;
  }
}

/** Any of the nodes that pass all filters, by chance from a seed. */
export class AnyFit extends PlainFinder {
  private readonly random: Random;

  constructor(seed: number) {
    super();
    this.random = new Random(seed);
  }

  protected choose(cluster: Cluster, passes: (node: Node) => boolean): Node | undefined {
    return this.random.pick([...cluster.nodes.values()].filter(passes));
  }
}
