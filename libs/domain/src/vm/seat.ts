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
  const from = leave(cluster, vm);
  vm.phase = phase;
  const to = arrive(cluster, vm);
  if (from !== undefined && from.vms.size === 0) {
    setNodeDue(cluster, from, undefined);
    if (from.deleted) cluster.nodes.delete(from.id);
  }
  const staysThere = from === to && tookRoom && occupies(vm);
  if (from !== undefined) cluster.touched.add(from.id);
  if (to !== undefined) cluster.touched.add(to.id);
  if (staysThere) return;
  if (from !== undefined && tookRoom) cluster.attention.opened.add(from.id);
  if (from !== undefined) cluster.room.loadChanged(from);
  if (to !== undefined) cluster.room.loadChanged(to);
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
