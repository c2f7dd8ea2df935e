import type { Cluster } from '../cluster.js';
import type { Node } from '../node/node.js';
import { DEFAULT_PRIORITY } from '../limits.js';
import { occupies, placementOf, type Vm, type VmPhase } from './vm.js';

/**
 * Moves the VM to another phase and keeps everything derived from phases true with it: the queue, the node's list and its load, and
 * what placement should look at. The only way a phase ever changes.
 */
export function enterPhase(cluster: Cluster, vm: Vm, phase: VmPhase): void {
  leave(cluster, vm);
  vm.phase = phase;
  arrive(cluster, vm);
}

export function priorityOf(vm: Vm): number {
  return vm.request.priority ?? DEFAULT_PRIORITY;
}

/** Takes the VM out of the cluster for good. */
export function removeVm(cluster: Cluster, vm: Vm): void {
  leave(cluster, vm);
  cluster.vms.delete(vm.id);
}

function leave(cluster: Cluster, vm: Vm): void {
  if (vm.phase.name === 'pending') {
    cluster.pending.remove(vm.id, priorityOf(vm), vm.acceptedSequence);
    cluster.attention.arrivals.delete(vm.id);
  }
  const node = nodeOf(cluster, vm);
  if (node === undefined) return;
  node.vms.delete(vm.id);
  cluster.touched.add(node.id);
  if (occupies(vm)) {
    use(node, vm, -1);
    cluster.attention.opened.add(node.id);
  }
  if (node.deleted && node.vms.size === 0) cluster.nodes.delete(node.id);
}

function arrive(cluster: Cluster, vm: Vm): void {
  if (vm.phase.name === 'pending') {
    cluster.pending.add(vm.id, priorityOf(vm), vm.acceptedSequence);
    cluster.attention.arrivals.add(vm.id);
  }
  const node = nodeOf(cluster, vm);
  if (node === undefined) return;
  node.vms.add(vm.id);
  cluster.touched.add(node.id);
  if (occupies(vm)) use(node, vm, 1);
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
