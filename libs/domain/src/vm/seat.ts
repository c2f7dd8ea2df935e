import { type Cluster, setNodeDue } from '../cluster.js';
import type { Node } from '../node/node.js';
import { kindOf } from '../placement/pending-queue.js';
import { occupies, placementOf, type Vm, type VmPhase } from './vm.js';

/**
 * Moves the VM to another phase and keeps everything derived from phases true with it: the queue, the node's list and its load, and
 * what placement should look at. The only way a phase ever changes.
 */
export function enterPhase(cluster: Cluster, vm: Vm, phase: VmPhase): void {
  const tookRoom = occupies(vm);
  const before = vm.phase;
  const from = leave(cluster, vm);
  vm.phase = phase;
  const to = arrive(cluster, vm);
  if (from !== undefined && from.vms.size === 0) {
    setNodeDue(cluster, from, undefined);
    if (from.deleted) cluster.nodes.delete(from.id);
  }
  const staysThere = from === to && tookRoom && occupies(vm);
  markDesired(cluster, before, phase, from, to);
  if (staysThere) return;
  if (from !== undefined && tookRoom) cluster.attention.opened.add(from.id);
  if (from !== undefined) cluster.room.loadChanged(from);
  if (to !== undefined) cluster.room.loadChanged(to);
}

/** Names the nodes whose desired state is another now, and says whether anybody waits for it. */
function markDesired(cluster: Cluster, before: VmPhase, after: VmPhase, from?: Node, to?: Node): void {
  const hasSameSeat = from !== undefined && from === to && seatOf(before) === seatOf(after);
  if (!hasSameSeat) {
    if (from !== undefined) (before.name === 'terminating' ? cluster.noted : cluster.touched).add(from.id);
    if (to !== undefined) cluster.touched.add(to.id);
    return;
  }
  if ((before.name === 'terminating') !== (after.name === 'terminating')) cluster.touched.add(from.id);
  else if ((before.name === 'assigned') !== (after.name === 'assigned')) cluster.noted.add(from.id);
}

const seatOf = (phase: VmPhase): number | undefined => ('at' in phase ? phase.at?.epoch : undefined);

/** Takes the VM out of the cluster for good. */
export function removeVm(cluster: Cluster, vm: Vm): void {
  enterPhase(cluster, vm, { name: 'terminated' });
  cluster.vms.delete(vm.id);
}

/** Gives up what the VM holds in its phase; returns the node on which that was. */
function leave(cluster: Cluster, vm: Vm): Node | undefined {
  if (vm.phase.name === 'pending') cluster.pending.remove(vm);
  const node = nodeOf(cluster, vm);
  if (node === undefined) return undefined;
  node.vms.delete(vm.id);
  if (occupies(vm)) use(node, vm, -1);
  return node;
}

/** Takes what belongs to the VM's phase; returns the node on which that is. */
function arrive(cluster: Cluster, vm: Vm): Node | undefined {
  if (vm.phase.name === 'pending') {
    cluster.pending.add(vm);
    cluster.attention.arrivals.add(kindOf(vm));
  }
  const node = nodeOf(cluster, vm);
  if (node === undefined) return undefined;
  node.vms.add(vm.id);
  if (occupies(vm)) use(node, vm, 1);
  return node;
}

function nodeOf(cluster: Cluster, vm: Vm): Node | undefined {
  const at = placementOf(vm);
  return at === undefined ? undefined : cluster.nodes.get(at.nodeId);
}

function use(node: Node, vm: Vm, sign: 1 | -1): void {
  node.used.vms += sign;
  node.used.cpu += sign * vm.cpu;
  node.used.memoryMiB += sign * vm.memoryMiB;
}
