import type { Cluster } from '../cluster.js';
import type { NodeId } from '../ids.js';
import type { Vm } from '../vm/vm.js';
import { ASPECTS, type Obstacle, obstaclesOn, wordsFor } from './aspects.js';
import { demandOf } from './demand.js';
import type { FilterReason } from './filters.js';

/** Nodes that an explanation names one by one. */
export const MAX_NEAREST_NODES = 3;

/** Why a VM has no node. */
export interface Waits {
  /** Unix ms: when it was accepted, or when its last attempt failed. */
  readonly since: number;
  /** Pending VMs that go before it. Those that need something else do not hold it up. */
  readonly ahead: number;
  readonly nodes: number;
  /** Each node once, under the reason that explains most; together they are `nodes`. */
  readonly counts: NodeCounts;
  /** At most {@link MAX_NEAREST_NODES}: the nodes with the fewest reasons against them, and all of these. */
  readonly nearest: readonly NearNode[];
  /** No node of the fleet as it is now could ever take it, however long it waits. */
  readonly impossible: boolean;
  /** It lets other nodes go for a moment, because this one has its template and is about to have room. */
  readonly waitsFor?: { readonly nodeId: NodeId; readonly until: number };
}

export type NodeCounts = Readonly<Partial<Record<FilterReason, number>>> & {
  /** Could take it now: the VM waits for its turn, or for a node that is worth the wait. */
  readonly available: number;
};

export interface NearNode {
  readonly nodeId: NodeId;
  readonly obstacles: readonly Obstacle[];
}

/** Looks at all nodes and sorts the queue, so it is for when somebody asks. */
export function explainWaiting(cluster: Cluster, vm: Vm): { readonly waits: Waits; readonly sentence: string } {
  const counts: Partial<Record<FilterReason, number>> & { available: number } = { available: 0 };
  const [first, lasting] = [new Tally(vm), new Tally(vm)];
  let nearest: NearNode[] = [];
  const demand = demandOf(cluster, vm);
  for (const node of cluster.nodes.values()) {
    const obstacles = obstaclesOn(node, demand);
    const [foremost] = obstacles;
    const reason = foremost?.reason ?? 'available';
    counts[reason] = (counts[reason] ?? 0) + 1;
    if (foremost !== undefined) first.add(foremost);
    const forGood = obstacles.find(({ outlook }) => outlook === 'lasting');
    if (forGood !== undefined) lasting.add(forGood);
    nearest = nearer(nearest, { nodeId: node.id, obstacles });
  }
  const nodes = cluster.nodes.size;
  const impossible = lasting.total === nodes;
  const waits: Waits = {
    since: vm.phase.name === 'pending' ? vm.phase.since : vm.createdAt,
    ahead: aheadOf(cluster, vm),
    ...{ nodes, counts, nearest, impossible },
    ...(vm.phase.name === 'pending' && vm.phase.deferred && { waitsFor: vm.phase.deferred }),
  };
  return { waits, sentence: impossible ? never(nodes, lasting) : forNow(waits, first, vm) };
}

function never(nodes: number, lasting: Tally): string {
  const why = nodes === 0 ? 'there are no nodes' : lasting.toString();
  return `Waits: no node of the fleet could ever take it: ${why}`;
}

function forNow({ counts, nodes, ahead, waitsFor }: Waits, reasons: Tally, vm: Vm): string {
  if (waitsFor !== undefined) {
    const until = new Date(waitsFor.until).toISOString();
    return `Waits until ${until} for ${waitsFor.nodeId}, which has its template: ${counts.available} of ${nodes} nodes could take it now`;
  }
  if (counts.available === 0) return `Waits: no node ${lackOfAll(counts, vm)} (${reasons.toString()})`;
  const turn = ahead === 0 ? '' : `, ${ahead} ${ahead === 1 ? 'VM goes' : 'VMs go'} before it`;
  return `Waits for its turn: ${counts.available} of ${nodes} nodes could take it now${turn}`;
}

/** What all nodes lack that could do something about it; the plain truth when there is no one such thing. */
function lackOfAll(counts: NodeCounts, vm: Vm): string {
  const aspects = (Object.keys(counts) as (keyof NodeCounts)[])
    .filter((reason) => reason !== 'available')
    .map((reason) => ASPECTS[reason]);
  const [lack, ...others] = aspects.filter((aspect) => aspect.outlook === 'by-size');
  const isAll = others.length === 0 && aspects.every(({ outlook }) => outlook !== 'lasting');
  return lack !== undefined && isAll ? `has ${lack.need(vm)}` : 'can take it now';
}

/** Only those that wait are looked at; the queue is in order. */
function aheadOf(cluster: Cluster, vm: Vm): number {
  let ahead = 0;
  for (const id of cluster.pending) {
    if (id === vm.id) break;
    ahead++;
  }
  return ahead;
}

function nearer(nearest: NearNode[], node: NearNode): NearNode[] {
  const last = nearest[MAX_NEAREST_NODES - 1];
  if (last !== undefined && byDistance(last, node) <= 0) return nearest;
  return [...nearest, node].sort(byDistance).slice(0, MAX_NEAREST_NODES);
}

/** Fewer reasons first, then fewer of those that last, then by id. */
function byDistance(a: NearNode, b: NearNode): number {
  return (
    a.obstacles.length - b.obstacles.length ||
    lastingIn(a.obstacles) - lastingIn(b.obstacles) ||
    (a.nodeId < b.nodeId ? -1 : 1)
  );
}

const lastingIn = (obstacles: readonly Obstacle[]): number =>
  obstacles.filter(({ outlook }) => outlook === 'lasting').length;

/** Counts obstacles, and says them in words with the largest number first. */
class Tally {
  total = 0;
  private readonly counts = new Map<string, { readonly example: Obstacle; count: number }>();

  constructor(private readonly vm: Vm) {}

  add(obstacle: Obstacle): void {
    // Words are made once per kind of obstacle, not once per node.
    const key = `${obstacle.reason} ${obstacle.outlook}`;
    const known = this.counts.get(key);
    if (known === undefined) this.counts.set(key, { example: obstacle, count: 1 });
    else known.count++;
    this.total++;
  }

  toString(): string {
    const byWords = new Map<string, number>();
    for (const { example, count } of this.counts.values()) {
      const words = wordsFor(example, this.vm);
      byWords.set(words, (byWords.get(words) ?? 0) + count);
    }
    return [...byWords]
      .sort(([a, most], [b, other]) => other - most || (a < b ? -1 : 1))
      .map(([words, count]) => `${count} ${words}`)
      .join(', ');
  }
}
