import type { Cluster } from '../cluster.js';
import type { VmId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';
import { priorityOf } from '../vm/seat.js';
import { hasRoom, whyNot } from './filters.js';
import { score } from './score.js';

/**
 * Gives seats to waiting VMs, most urgent first, until no more can be given. Leaves the cluster at rest: looking again without news
 * would place nothing, so only what `attention` names needs a look.
 */
export function place(turn: Turn): void {
  const { cluster } = turn;
  const { arrivals, opened } = cluster.attention;
  if (arrivals.size === 0 && opened.size === 0) return;
  const newcomers = inQueueOrder(cluster, arrivals);
  let open = [...opened]
    .map((id) => cluster.nodes.get(id))
    .filter((node) => node !== undefined && hasRoom(node)) as Node[];
  const isNew = new Set(arrivals);
  for (const vm of open.length > 0 ? inOrder(cluster) : newcomers) {
    const node = best(isNew.has(vm.id) ? cluster.nodes.values() : open, vm);
    if (node === undefined) continue;
    turn.emit({ type: 'VMScheduled', vmId: vm.id, nodeId: node.id, attempt: vm.attempts.length + 1 });
    if (!hasRoom(node)) open = open.filter((other) => other !== node);
  }
  arrivals.clear();
  opened.clear();
}

/** The whole queue, copied, because placing takes VMs out of it. */
function inOrder(cluster: Cluster): Vm[] {
  return [...cluster.pending].map((id) => cluster.vms.get(id)).filter((vm) => vm !== undefined);
}

function inQueueOrder(cluster: Cluster, ids: Set<VmId>): Vm[] {
  return [...ids]
    .map((id) => cluster.vms.get(id))
    .filter((vm) => vm !== undefined)
    .sort((a, b) => priorityOf(a) - priorityOf(b) || a.acceptedSequence - b.acceptedSequence);
}

function best(nodes: Iterable<Node>, vm: Vm): Node | undefined {
  let winner: Node | undefined;
  let winnerScore = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    if (whyNot(node, vm) !== undefined) continue;
    const value = score(node, vm);
    if (value > winnerScore || (value === winnerScore && winner !== undefined && node.id < winner.id)) {
      winner = node;
      winnerScore = value;
    }
  }
  return winner;
}
