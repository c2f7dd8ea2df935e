import { type Cluster, forgetNode, setNodeDue } from '../cluster.js';
import type { NodeId } from '../ids.js';
import { holdResources, holdSeat } from '../node/held.js';
import { imageKey, type Node } from '../node/node.js';
import { priorityOf } from '../placement/pending-queue.js';
import type { Kind } from '../placement/waiting-line.js';
import { macMoved } from '../mac/mac-pool.js';
import { heldMac, macKey } from './claim-rules.js';
import { occupies, type Placement, placementOf, type Vm, type VmPhase } from './vm.js';

/**
 * Moves the VM to another phase and keeps everything derived from phases true with it: the queue, the node's list and its load, and
 * what placement should look at. The only way a phase ever changes.
 */
export function enterPhase(cluster: Cluster, vm: Vm, phase: VmPhase): void {
  const before = vm.phase;
  const isKept = isSeatKept(before, phase);
  const tookRoom = occupies(vm);
  const from = nodeOf(cluster, vm);
  const pulls = from?.pulls.size ?? 0;
  tally(cluster, vm, from, -1);
  vm.phase = phase;
  const to = isKept ? from : nodeOf(cluster, vm);
  if (!isKept) {
    leaveSeat(cluster, from, vm, seatOf(before));
    takeSeat(cluster, to, vm, seatOf(phase));
  }
  if (tookRoom) use(from, vm, -1);
  if (occupies(vm)) use(to, vm, 1);
  tally(cluster, vm, to, 1);
  if (isKept) markKept(cluster, before, phase);
  else markMoved(cluster, before, from, to);
  if (to !== undefined && to !== from) cluster.finder.loadChanged(to);
  if (from === undefined) return;
  if (!isKept || (tookRoom && !occupies(vm)) || from.pulls.size < pulls) cluster.attention.opened.add(from.id);
  leaveBehind(cluster, from);
}

/** Takes the VM out of the cluster for good. */
export function removeVm(cluster: Cluster, vm: Vm): void {
  enterPhase(cluster, vm, { name: 'terminated' });
  cluster.vms.delete(vm.id);
}

/** The node of which a VM just changed; a deleted one goes with its last VM. */
function leaveBehind(cluster: Cluster, node: Node): void {
  if (node.vms.size === 0) setNodeDue(cluster, node, undefined);
  if (node.vms.size === 0 && node.deleted) forgetNode(cluster, node);
  else cluster.finder.loadChanged(node);
}

function isSeatKept(before: VmPhase, after: VmPhase): boolean {
  const [from, to] = [seatOf(before), seatOf(after)];
  return from !== undefined && from.nodeId === to?.nodeId && from.epoch === to.epoch;
}

const seatOf = (phase: VmPhase): Placement | undefined => ('at' in phase ? phase.at : undefined);

function nodeOf(cluster: Cluster, vm: Vm): Node | undefined {
  const at = placementOf(vm);
  return at === undefined ? undefined : cluster.nodes.get(at.nodeId);
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

function use(node: Node | undefined, vm: Vm, sign: 1 | -1): void {
  if (node === undefined) return;
  node.used.vms += sign;
  node.used.cpu += sign * vm.cpu;
  node.used.memoryMiB += sign * vm.memoryMiB;
  if (vm.request.resources !== undefined) holdResources(node, vm, sign);
}

function takeSeat(cluster: Cluster, node: Node | undefined, vm: Vm, seat: Placement | undefined): void {
  const mac = seat && heldMac(vm.request, seat);
  if (mac !== undefined) moveMac(cluster, mac, 1);
  if (node === undefined) return;
  node.vms.add(vm.id);
  holdSeat(node, vm, seat?.usbDevice, 1);
}

/** A MAC address that comes free may be all that a VM waits for, on whatever node. */
function leaveSeat(cluster: Cluster, node: Node | undefined, vm: Vm, seat: Placement | undefined): void {
  const mac = seat && heldMac(vm.request, seat);
  if (mac !== undefined) {
    moveMac(cluster, mac, -1);
    for (const kind of cluster.pending.kinds) if (wantsMac(cluster, kind, mac)) cluster.attention.arrivals.add(kind);
  }
  if (node === undefined) return;
  node.vms.delete(vm.id);
  holdSeat(node, vm, seat?.usbDevice, -1);
}

function moveMac(cluster: Cluster, mac: string, sign: 1 | -1): void {
  change(cluster.macs, mac, sign);
  macMoved(cluster, mac);
}

function wantsMac(cluster: Cluster, kind: Kind, mac: string): boolean {
  const first = cluster.pending.first(kind);
  const vm = first && cluster.vms.get(first.vmId);
  return vm !== undefined && macKey(vm.request) === mac;
}

/** Counts the VM where its phase is counted, or no longer. */
function tally(cluster: Cluster, vm: Vm, node: Node | undefined, sign: 1 | -1): void {
  const { phase } = vm;
  switch (phase.name) {
    case 'pending':
      if (sign < 0) cluster.pending.remove(vm);
      else wait(cluster, vm);
      return changeAwaited(cluster, phase.deferred?.nodeId, sign);
    case 'assigned':
      if (phase.needsPull && node !== undefined) change(node.pulls, imageKey(vm.image), sign);
      return;
    case 'running':
      return change(cluster.running, priorityOf(vm), sign);
    case 'terminating':
      if (node !== undefined && occupies(vm)) node.releasing += sign;
      return;
    case 'pushing':
      cluster.attention.saves = true;
      return;
    case 'stopped':
    case 'failed':
    case 'terminated':
  }
}

function wait(cluster: Cluster, vm: Vm): void {
  const kind = cluster.pending.add(vm, cluster.policy.ageingMsPerPoint);
  if (kind !== undefined) cluster.attention.arrivals.add(kind);
}

function change<K>(counts: Map<K, number>, key: K, sign: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + sign;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** A node that left and came back knows nothing of those who waited for it before. */
function changeAwaited(cluster: Cluster, nodeId: NodeId | undefined, sign: 1 | -1): void {
  const node = nodeId === undefined ? undefined : cluster.nodes.get(nodeId);
  if (node === undefined) return;
  node.awaited = Math.max(0, node.awaited + sign);
  cluster.finder.loadChanged(node);
}
