import { type Cluster, setNodeDue } from '../cluster.js';
import type { Node } from '../node/node.js';
import { kindOf } from '../placement/pending-queue.js';
import { occupies, type Placement, placementOf, type Vm, type VmPhase } from './vm.js';

/**
 * Moves the VM to another phase and keeps everything derived from phases true with it: the queue, the node's list and its load, and
 * what placement should look at. The only way a phase ever changes.
 */
export function enterPhase(cluster: Cluster, vm: Vm, phase: VmPhase): void {
  const tookRoom = occupies(vm);
  const before = vm.phase;
  if (isSeatKept(before, phase)) {
    vm.phase = phase;
    if (occupies(vm) === tookRoom) return markKept(cluster, before, phase);
    vm.phase = before;
  }
  const from = leave(cluster, vm);
  vm.phase = phase;
  const to = arrive(cluster, vm);
  if (from !== undefined && from.vms.size === 0) {
    setNodeDue(cluster, from, undefined);
    if (from.deleted) cluster.nodes.delete(from.id);
  }
  if (isSeatKept(before, phase)) markKept(cluster, before, phase);
  else markMoved(cluster, before, from, to);
  if (from !== undefined && tookRoom) cluster.attention.opened.add(from.id);
  if (from !== undefined) cluster.room.loadChanged(from);
  if (to !== undefined) cluster.room.loadChanged(to);
}

const seatOf = (phase: VmPhase): Placement | undefined => ('at' in phase ? phase.at : undefined);

function isSeatKept(before: VmPhase, after: VmPhase): boolean {
  const [from, to] = [seatOf(before), seatOf(after)];
  return from !== undefined && from.nodeId === to?.nodeId && from.epoch === to.epoch;
}

/** The VM came, left or moved. That a VM is gone which was to end is no news for its node. */
function markMoved(cluster: Cluster, before: VmPhase, from: Node | undefined, to: Node | undefined): void {
  if (from !== undefined) (before.name === 'terminating' ? cluster.noted : cluster.touched).add(from.id);
  if (to !== undefined) cluster.touched.add(to.id);
}

/** The VM is where it was; says whether its node has something else to do now, or is only to know that its report was heard. */
function markKept(cluster: Cluster, before: VmPhase, after: VmPhase): void {
  const nodeId = seatOf(after)?.nodeId;
  if (nodeId === undefined || !cluster.nodes.has(nodeId)) return;
  if ((before.name === 'terminating') !== (after.name === 'terminating')) cluster.touched.add(nodeId);
  else if ((before.name === 'assigned') !== (after.name === 'assigned')) cluster.noted.add(nodeId);
}

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
