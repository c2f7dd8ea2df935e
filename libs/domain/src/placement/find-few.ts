import type { Cluster } from '../cluster.js';
import type { NodeId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Profile } from '../policy.js';
import { type Cell, compareCells } from './cells.js';
import type { Demand } from './demand.js';
import { whyNot } from './filters.js';
import type { Found } from './node-finder.js';
import type { NodeIndex } from './node-index.js';
import { scoreOf, spreadOf, standingOf } from './score.js';

/** The one node that was asked for, if it can take the VM. */
export function findPinned(index: NodeIndex, cluster: Cluster, demand: Demand, profile: Profile): Found | undefined {
  const node = cluster.nodes.get(demand.vm.request.nodeId as NodeId);
  if (node === undefined || whyNot(node, demand) !== undefined) return undefined;
  return found(index, demand, profile, node);
}

/** The best of the nodes on which the VM failed to start: better than none. Those on which it failed least come first. */
export function findSeen(
  index: NodeIndex,
  cluster: Cluster,
  demand: Demand,
  profile: Profile,
  cachedOnly: boolean,
  failed: ReadonlySet<NodeId>,
): Found | undefined {
  const failures = (node: Node): number => demand.vm.attempts.filter(({ nodeId }) => nodeId === node.id).length;
  const [best] = [...failed]
    .map((id) => cluster.nodes.get(id))
    .filter((node) => node !== undefined && whyNot(node, demand) === undefined)
    .map((node) => node as Node)
    .filter((node) => !cachedOnly || node.cached.has(demand.image))
    .sort((a, b) => failures(a) - failures(b) || compareNodes(index, demand, profile, a, b));
  return best && found(index, demand, profile, best);
}

/** The order in which nodes are better for a VM: what the index finds without sorting. */
function compareNodes(index: NodeIndex, demand: Demand, profile: Profile, a: Node, b: Node): number {
  const cellOf = (node: Node): Cell => {
    const standing = standingOf(node, demand);
    return { ...standing, score: scoreOf(standing, profile, spreadFor(index, demand)) };
  };
  return compareCells(cellOf(a), cellOf(b)) || a.ordinal - b.ordinal;
}

function found(index: NodeIndex, demand: Demand, profile: Profile, node: Node): Found {
  const score = scoreOf(standingOf(node, demand), profile, spreadFor(index, demand));
  return { node, isCached: node.cached.has(demand.image), choice: { score } };
}

function spreadFor(index: NodeIndex, demand: Demand): number {
  return spreadOf(index.images.get(demand.image)?.size ?? 0, index.all.size);
}
