import type { Cluster } from '../cluster.js';
import { freeMac } from '../mac/mac-pool.js';
import { freeUsbDevice } from '../node/held.js';
import type { Node } from '../node/node.js';
import type { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';
import { demandOf } from './demand.js';
import { hasRoom, whyNot } from './filters.js';
import { Heads } from './heads.js';
import type { Found } from './node-finder.js';
import { preemptForWaiting } from './preempt.js';
import { isBefore, type Kind, type Waiting } from './waiting-line.js';

/**
 * Gives seats to waiting VMs, most urgent first, until no more can be given. Leaves the cluster at rest: looking again without news
 * would place nothing, so only what `attention` names needs a look.
 */
export function place(turn: Turn): void {
  const { cluster } = turn;
  const { arrivals, opened } = cluster.attention;
  if (cluster.pending.size > 0) {
    if (arrivals.size > 0 || opened.size > 0) seatWaiting(turn);
    if (cluster.policy.preemptionGap > 0) preemptForWaiting(turn);
  }
  arrivals.clear();
  opened.clear();
}

function seatWaiting(turn: Turn): void {
  const heads = new Heads(turn.cluster, kindsToLookAt(turn.cluster));
  while (heads.first !== undefined) settle(turn, heads, heads.first);
}

/** Decides about the most urgent of the VMs that are looked at: a seat, a short wait, or none of its kind now. */
function settle(turn: Turn, heads: Heads, head: Waiting): void {
  const { cluster } = turn;
  const vm = vmOf(cluster, head);
  const found = cluster.finder.best(cluster, vm, isDeferred(vm));
  if (found === undefined) return heads.drop();
  if (found.isCached) return seat(turn, heads, head, found);
  const younger = whoHasItCached(cluster, heads, head, found.node);
  if (younger !== undefined) {
    const better = cluster.finder.best(cluster, vmOf(cluster, younger), isDeferred(vmOf(cluster, younger)));
    if (better !== undefined) return seat(turn, heads, younger, better);
  }
  const until = waitsUntil(turn, vm);
  // A free node that has the template was found worse than a pull: then nothing speaks for waiting.
  const mayWait = until !== undefined && cluster.finder.best(cluster, vm, true) === undefined;
  const node = mayWait ? cluster.finder.dueFree(cluster, vm) : undefined;
  if (until === undefined || node === undefined) return seat(turn, heads, head, found);
  turn.emit({ type: 'VMDeferred', vmId: vm.id, nodeId: node.id, until });
  heads.renew(head.kind);
}

function seat(turn: Turn, heads: Heads, { vmId, kind }: Waiting, { node, choice }: Found): void {
  const vm = turn.cluster.vms.get(vmId) as Vm;
  const attempt = vm.attempts.length + 1;
  const usbDevice = vm.request.usbDevice && freeUsbDevice(node, vm.request.usbDevice);
  const macAddress = vm.request.macAddress === undefined ? freeMac(turn.cluster) : undefined;
  turn.emit({
    type: 'VMScheduled',
    vmId,
    nodeId: node.id,
    attempt,
    ...(choice && { choice }),
    ...(usbDevice !== undefined && { usbDevice }),
    ...(macAddress !== undefined && { macAddress }),
  });
  heads.renew(kind);
}

/**
 * Until when the VM may wait for a node that has its template, unix ms; undefined when it may not (any more). Once the wait was in
 * vain it takes what there is.
 */
function waitsUntil(turn: Turn, vm: Vm): number | undefined {
  if (vm.phase.name !== 'pending' || vm.phase.isPatient !== true) return undefined;
  const until = vm.phase.since + turn.cluster.policy.cachedNodeWaitMs;
  return until > turn.time ? until : undefined;
}

/**
 * The first VM, if any, that is of the same priority and not much younger, and finds its template on the node on which the most urgent
 * one would have to pull.
 */
function whoHasItCached(cluster: Cluster, heads: Heads, head: Waiting, node: Node): Waiting | undefined {
  let best: Waiting | undefined;
  for (const other of heads.others()) {
    if (other.priority !== head.priority || other.key > head.key + cluster.policy.cachedOvertakeMs) continue;
    if (best !== undefined && isBefore(best, other)) continue;
    const demand = demandOf(cluster, vmOf(cluster, other));
    if (node.cached.has(demand.image) && whyNot(node, demand) === undefined) best = other;
  }
  return best;
}

/** Kinds of which a VM newly waits, and kinds that a node with new room could take. */
function kindsToLookAt(cluster: Cluster): ReadonlySet<Kind> {
  const { arrivals, opened } = cluster.attention;
  if (opened.size === 0) return arrivals;
  const kinds = new Set(arrivals);
  const nodes = [...opened].map((id) => cluster.nodes.get(id)).filter((node) => node !== undefined && hasRoom(node));
  if (nodes.length === 0) return kinds;
  for (const kind of cluster.pending.kinds) {
    const first = cluster.pending.first(kind);
    if (first === undefined || kinds.has(kind)) continue;
    const demand = demandOf(cluster, vmOf(cluster, first));
    if (nodes.some((node) => whyNot(node as Node, demand) === undefined)) kinds.add(kind);
  }
  return kinds;
}

const isDeferred = (vm: Vm): boolean => vm.phase.name === 'pending' && vm.phase.deferred !== undefined;

const vmOf = (cluster: Cluster, { vmId }: Waiting): Vm => cluster.vms.get(vmId) as Vm;
