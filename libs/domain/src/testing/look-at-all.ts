import { macText } from '../mac/mac-address.js';
import type { Cluster } from '../cluster.js';
import type { RecordedCommand } from '../commands.js';
import type { DomainEvent } from '../events.js';
import type { Node } from '../node/node.js';
import { compareCells } from '../placement/cells.js';
import { demandOf, type Scope, scopesOf } from '../placement/demand.js';
import { type FilterReason, reasonsAgainst, whyNot } from '../placement/filters.js';
import { kindOf } from '../placement/pending-queue.js';
import { preemptForWaiting } from '../placement/preempt.js';
import { scoreOf, spreadOf, standingOf } from '../placement/score.js';
import { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';

/** Placement without any index: every waiting VM in order, all nodes sorted for each. What the real one must say too. */
export function placeByLookingAtAll(cluster: Cluster, command: RecordedCommand): DomainEvent[] {
  const turn = new Turn(cluster, command);
  const hopeless = new Set<string>();
  for (;;) {
    const heads = headsOf(cluster).filter((vm) => !hopeless.has(kindOf(vm)));
    const [vm] = heads;
    if (vm === undefined) break;
    const node = bestOf(cluster, vm);
    if (node === undefined) hopeless.add(kindOf(vm));
    else settle(turn, vm, node, heads);
  }
  if (cluster.policy.preemptionGap > 0) preemptForWaiting(turn);
  return turn.events.map(({ event }) => event);
}

function settle(turn: Turn, vm: Vm, node: Node, heads: readonly Vm[]): void {
  const { cluster } = turn;
  if (!isCached(cluster, node, vm)) {
    const younger = heads.find((other) => other !== vm && mayOvertake(cluster, other, vm, node));
    if (younger !== undefined) return seat(turn, younger, bestOf(cluster, younger) as Node);
    const due = dueFree(turn, vm);
    if (due !== undefined) return turn.emit({ type: 'VMDeferred', vmId: vm.id, ...due });
  }
  seat(turn, vm, node);
}

function seat(turn: Turn, vm: Vm, node: Node): void {
  const devices = (node.facts.usbDevices ?? []).filter(({ id, group }) =>
    [id, group].includes(vm.request.usbDevice ?? ''),
  );
  const [usbDevice] = devices
    .map(({ id }) => id)
    .filter((id) => !node.held.usbDevices.has(id))
    .sort();
  turn.emit({
    type: 'VMScheduled',
    vmId: vm.id,
    nodeId: node.id,
    attempt: vm.attempts.length + 1,
    ...(usbDevice !== undefined && { usbDevice }),
    ...lowestMac(turn.cluster, vm),
  });
}

/** The slow way: every address of the pool from below. */
function lowestMac({ macPool, macs }: Cluster, vm: Vm): { macAddress?: string } {
  if (macPool === undefined || vm.request.macAddress !== undefined) return {};
  for (let number = macPool.from; number <= macPool.to; number++)
    if (!macs.has(macText(number))) return { macAddress: macText(number) };
  return {};
}

function mayOvertake(cluster: Cluster, younger: Vm, older: Vm, node: Node): boolean {
  const [a, b] = [cluster.pending.placeOf(younger.id), cluster.pending.placeOf(older.id)];
  if (a === undefined || a.priority !== b?.priority || a.key > b.key + cluster.policy.cachedOvertakeMs) return false;
  return isCached(cluster, node, younger) && whyNot(node, demandOf(cluster, younger)) === undefined;
}

function dueFree(turn: Turn, vm: Vm): { nodeId: Node['id']; until: number } | undefined {
  const { cluster, time } = turn;
  if (vm.phase.name !== 'pending' || !vm.phase.isPatient) return undefined;
  const until = vm.phase.since + cluster.policy.cachedNodeWaitMs;
  if (until <= time || vm.request.nodeId !== undefined || bestOf(cluster, vm, true) !== undefined) return undefined;
  const demand = demandOf(cluster, vm);
  for (const scope of scopesOf(demand)) {
    const [node] = [...cluster.nodes.values()]
      .filter((each) => isIn(scope, each))
      .filter((each) => !reasonsAgainst(each, demand).some((reason) => WHATEVER_ITS_LOAD.has(reason)))
      .filter((each) => failures(each, vm) === 0 && each.releasing > each.awaited && isCached(cluster, each, vm))
      .sort((a, b) => a.ordinal - b.ordinal);
    if (node !== undefined) return { nodeId: node.id, until };
  }
  return undefined;
}

/** The first of each kind, in order. */
function headsOf(cluster: Cluster): Vm[] {
  const heads = new Map<string, Vm>();
  for (const id of cluster.pending) {
    const vm = cluster.vms.get(id) as Vm;
    if (!heads.has(kindOf(vm))) heads.set(kindOf(vm), vm);
  }
  return [...heads.values()];
}

function bestOf(cluster: Cluster, vm: Vm, cachedOnly = isDeferred(vm)): Node | undefined {
  const demand = demandOf(cluster, vm);
  const possible = [...cluster.nodes.values()]
    .filter((node) => whyNot(node, demand) === undefined)
    .filter((node) => !cachedOnly || isCached(cluster, node, vm));
  const inOrder = (nodes: Node[]): Node | undefined => nodes.sort((a, b) => compare(cluster, vm, a, b))[0];
  const fresh = possible.filter((node) => failures(node, vm) === 0);
  for (const scope of scopesOf(demand)) {
    const node = inOrder(fresh.filter((each) => isIn(scope, each)));
    if (node !== undefined) return node;
  }
  return possible.sort((a, b) => failures(a, vm) - failures(b, vm) || compare(cluster, vm, a, b))[0];
}

function compare(cluster: Cluster, vm: Vm, a: Node, b: Node): number {
  const demand = demandOf(cluster, vm);
  const having = [...cluster.nodes.values()].filter((node) => node.cached.has(demand.image)).length;
  const [x, y] = [a, b].map((node) => {
    const standing = standingOf(node, demand);
    return { ...standing, score: scoreOf(standing, cluster.policy.profile, spreadOf(having, cluster.nodes.size)) };
  });
  return (x && y && compareCells(x, y)) || a.ordinal - b.ordinal;
}

/** Reasons that do not go away when a VM ends. */
const WHATEVER_ITS_LOAD: ReadonlySet<FilterReason> = new Set<FilterReason>([
  'offline',
  'wrong-architecture',
  'draining',
  'unlicensed',
  'no-label',
  'no-tag',
  'no-vlan',
]);

const isIn = ({ group, tag }: Scope, { groups, config }: Node): boolean =>
  (group === undefined || groups.has(group)) && (tag === undefined || config.tags?.includes(tag) === true);

const isDeferred = (vm: Vm): boolean => vm.phase.name === 'pending' && vm.phase.deferred !== undefined;

const failures = (node: Node, vm: Vm): number => vm.attempts.filter(({ nodeId }) => nodeId === node.id).length;

const isCached = (cluster: Cluster, node: Node, vm: Vm): boolean => node.cached.has(demandOf(cluster, vm).image);
