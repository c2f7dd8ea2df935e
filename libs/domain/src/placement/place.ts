import type { Cluster } from '../cluster.js';
import type { Groups } from '../group/group.js';
import type { VmId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';
import { whyNot } from './filters.js';
import type { Kind } from './pending-queue.js';
import { isBefore, type Waiting } from './waiting-line.js';

/**
 * Gives seats to waiting VMs, most urgent first, until no more can be given. Leaves the cluster at rest: looking again without news
 * would place nothing, so only what `attention` names needs a look.
 */
export function place(turn: Turn): void {
  const { cluster } = turn;
  const { arrivals, opened } = cluster.attention;
  if (arrivals.size === 0 && opened.size === 0) return;
  const kinds = kindsToLookAt(cluster);
  for (;;) {
    const next = mostUrgent(cluster, kinds);
    if (next === undefined) break;
    const vm = cluster.vms.get(next.vmId) as Vm;
    const node = cluster.room.best(cluster, vm);
    if (node === undefined) kinds.delete(next.kind);
    else turn.emit({ type: 'VMScheduled', vmId: vm.id, nodeId: node.id, attempt: vm.attempts.length + 1 });
  }
  arrivals.clear();
  opened.clear();
}

/** Kinds of which a VM newly waits, and kinds that a node with new room could take. */
function kindsToLookAt(cluster: Cluster): Set<Kind> {
  const { arrivals, opened } = cluster.attention;
  const kinds = new Set(arrivals);
  const nodes = [...opened].map((id) => cluster.nodes.get(id)).filter((node) => node !== undefined);
  if (nodes.length === 0) return kinds;
  for (const kind of cluster.pending.kinds) {
    if (!kinds.has(kind) && couldTake(cluster, nodes, cluster.vms.get(cluster.pending.first(kind)?.vmId as VmId)))
      kinds.add(kind);
  }
  return kinds;
}

const couldTake = (groups: Groups, nodes: readonly Node[], vm: Vm | undefined): boolean =>
  vm !== undefined && nodes.some((node) => whyNot(node, vm, groups) === undefined);

function mostUrgent(cluster: Cluster, kinds: ReadonlySet<Kind>): (Waiting & { kind: Kind }) | undefined {
  let best: Waiting | undefined;
  let bestKind = '';
  for (const kind of kinds) {
    const first = cluster.pending.first(kind);
    if (first === undefined || (best !== undefined && !isBefore(first, best))) continue;
    best = first;
    bestKind = kind;
  }
  return best && { ...best, kind: bestKind };
}
