import type { Cluster } from '../cluster.js';
import { type Node, slotsInUse } from '../node/node.js';
import type { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';
import { type Demand, demandOf } from './demand.js';
import { type FilterReason, freeCpu, freeMemoryMiB, mayTake, reasonsAgainst } from './filters.js';
import { Heads } from './heads.js';
import { priorityOf } from './pending-queue.js';

/** What the end of a VM on the node cures. */
const CURABLE: ReadonlySet<FilterReason> = new Set(['full', 'no-cpu', 'no-memory']);

/**
 * Ends running VMs that are much less urgent than the first of a line that waits, so that it finds room when they are gone: one VM for
 * one, and one at a time of each kind. Only when the operator wants it: work that was begun is lost. Looks at the whole fleet whenever
 * there may be a victim, which is why it is off by default.
 */
export function preemptForWaiting(turn: Turn): void {
  const { cluster } = turn;
  const heads = new Heads(cluster, cluster.pending.kinds);
  for (let head = heads.first; head !== undefined; head = heads.first) {
    heads.drop();
    const vm = cluster.vms.get(head.vmId) as Vm;
    if (vm.phase.name === 'pending' && vm.phase.preempts === undefined) preemptFor(turn, vm);
  }
}

function preemptFor(turn: Turn, vm: Vm): void {
  const { cluster } = turn;
  const leastPriority = priorityOf(vm) + cluster.policy.preemptionGap;
  if (![...cluster.running.keys()].some((priority) => priority >= leastPriority)) return;
  const victim = findVictim(cluster, demandOf(cluster, vm), leastPriority);
  if (victim?.phase.name !== 'running') return;
  turn.emit({ type: 'VMPreempted', vmId: victim.id, nodeId: victim.phase.at.nodeId, byVmId: vm.id });
}

/** The least urgent, and among equals the youngest, whose end makes room. */
function findVictim(cluster: Cluster, demand: Demand, leastPriority: number): Vm | undefined {
  let victim: Vm | undefined;
  for (const node of cluster.nodes.values()) {
    if (!mayTake(node) || !reasonsAgainst(node, demand).every((reason) => CURABLE.has(reason))) continue;
    for (const id of node.vms) {
      const vm = cluster.vms.get(id);
      if (vm?.phase.name !== 'running' || priorityOf(vm) < leastPriority || !makesRoom(node, vm, demand.vm)) continue;
      if (victim === undefined || isLessUrgent(vm, victim)) victim = vm;
    }
  }
  return victim;
}

function isLessUrgent(a: Vm, b: Vm): boolean {
  return priorityOf(a) > priorityOf(b) || (priorityOf(a) === priorityOf(b) && a.acceptedSequence > b.acceptedSequence);
}

function makesRoom(node: Node, gone: Vm, wanted: Vm): boolean {
  if (node.config.capacityMode === 'number') return slotsInUse(node) - 1 < node.config.capacity;
  return freeCpu(node) + gone.cpu >= wanted.cpu && freeMemoryMiB(node) + gone.memoryMiB >= wanted.memoryMiB;
}
