import { deepStrictEqual, ok } from 'node:assert';
import { type Cluster, nextDueAt } from '../cluster.js';
import type { GroupId, NodeId, VmId } from '../ids.js';
import { hasEnded } from '../distribution/distribution.js';
import { hasSaveEnded } from '../image/save.js';
import { MAX_API_KEYS, MAX_DISTRIBUTIONS, MAX_PERMISSION_GROUPS, MAX_SAVES, MAX_WEBHOOKS } from '../limits.js';
import { groupChain } from '../group/group.js';
import { holdResources, holdSeat, nothingHeld } from '../node/held.js';
import { cacheKey, type Node, resourceLimits, slotsInUse } from '../node/node.js';
import { heldMac } from '../vm/claim-rules.js';
import { occupies, placementOf, type Vm } from '../vm/vm.js';
import { priorityOf } from '../placement/pending-queue.js';

/** Holds a cluster to everything that must be true of any, computed anew from the phases of its VMs. Throws an AssertionError. */
export function holdToInvariants(cluster: Cluster): void {
  const vms = [...cluster.vms.values()];
  seatsAgree(cluster, vms);
  for (const node of cluster.nodes.values()) usageAgrees(cluster, node);
  groupsAgree(cluster);
  distributionsAgree(cluster);
  savesAgree(cluster, vms);
  macsAgree(cluster, vms);
  queueAgrees(cluster, vms);
  keysAgree(cluster);
  webhooksAgree(cluster);
  const { nodes, distributions, saves, apiKeys } = cluster;
  const dues = [vms, ...[nodes, distributions, saves, apiKeys].map((things) => [...things.values()])]
    .flat()
    .map(({ dueAt }) => dueAt)
    .concat([...cluster.nodes.values()].map(({ strikesFadeAt }) => strikesFadeAt))
    .filter((dueAt) => dueAt !== undefined);
  deepStrictEqual(
    nextDueAt(cluster),
    dues.length === 0 ? undefined : Math.min(...dues),
    'the next alarm is the earliest',
  );
}

/** Every seated VM is on the list of its node, and of no other; every list names VMs that sit there. */
function seatsAgree(cluster: Cluster, vms: readonly Vm[]): void {
  const seats = vms.flatMap((vm) => {
    const at = placementOf(vm);
    return at === undefined ? [] : [`${at.nodeId} ${vm.id}`];
  });
  const lists = [...cluster.nodes.values()].flatMap((node) => [...node.vms].map((id) => `${node.id} ${id}`));
  deepStrictEqual(lists.sort(), seats.sort(), 'the lists of the nodes are the seats of the VMs');
  const epochs = vms.map((vm) => placementOf(vm)?.epoch).filter((epoch) => epoch !== undefined);
  deepStrictEqual(new Set(epochs).size, epochs.length, 'every seat has its own epoch');
}

function usageAgrees(cluster: Cluster, node: Node): void {
  const here = [...node.vms].map((id) => cluster.vms.get(id)).filter((vm) => vm !== undefined && occupies(vm)) as Vm[];
  const used = {
    vms: here.length,
    cpu: here.reduce((sum, vm) => sum + vm.cpu, 0),
    memoryMiB: here.reduce((sum, vm) => sum + vm.memoryMiB, 0),
  };
  deepStrictEqual(node.used, used, `what is used on ${node.id} is what its VMs take`);
  ok(
    node.dueAt === undefined || (!node.online && node.vms.size > 0),
    `${node.id} is given up only if there is a reason`,
  );
  const pulls = new Map<string, number>();
  for (const { phase, image } of [...node.vms].map((id) => cluster.vms.get(id) as Vm)) {
    const key = cacheKey(image.templateId, image.tag);
    if (phase.name === 'assigned' && phase.needsPull) pulls.set(key, (pulls.get(key) ?? 0) + 1);
  }
  deepStrictEqual(
    new Map([...node.pulls].sort()),
    new Map([...pulls].sort()),
    `${node.id} pulls what its VMs wait for`,
  );
  const releasing = here.filter(({ phase }) => phase.name === 'terminating').length;
  deepStrictEqual(node.releasing, releasing, `${node.id} releases what ends on it`);
  holdingsAgree(cluster, node);
  ok(!node.deleted, `${node.id} is gone as soon as it is deleted`);
}

/** What is held on the node is what its VMs hold, and no USB device is held twice. */
function holdingsAgree(cluster: Cluster, node: Node): void {
  const here = [...node.vms].map((id) => cluster.vms.get(id) as Vm);
  const anew: Node = { ...node, held: nothingHeld() };
  for (const vm of here) holdSeat(anew, vm, placementOf(vm)?.usbDevice, 1);
  for (const vm of here.filter(occupies)) holdResources(anew, vm, 1);
  deepStrictEqual(node.held, anew.held, `what is held on ${node.id} is what its VMs hold`);
  const devices = here.map((vm) => placementOf(vm)?.usbDevice).filter((id) => id !== undefined);
  deepStrictEqual(devices.length, node.held.usbDevices.size, `each USB device of ${node.id} has one holder`);
}

/** No two VMs with a seat have the same MAC address. */
function macsAgree(cluster: Cluster, vms: readonly Vm[]): void {
  const macs = vms.map((vm) => {
    const seat = placementOf(vm);
    return seat && heldMac(vm.request, seat);
  });
  const held = macs.filter((mac) => mac !== undefined);
  deepStrictEqual(new Map([...cluster.macs].sort()), new Map(held.sort().map((mac) => [mac, 1])), 'MACs are held once');
}

/** Nodes are in groups that exist, and no way from fallback to fallback leads in a circle. */
function groupsAgree(cluster: Cluster): void {
  for (const node of cluster.nodes.values())
    for (const id of node.groups) ok(cluster.groups.has(id), `${node.id} is in ${id}, which exists`);
  for (const { id, fallbackGroupId } of cluster.groups.values()) {
    if (fallbackGroupId === undefined) continue;
    ok(cluster.groups.has(fallbackGroupId), `the fallback of ${id} exists`);
    ok(!groupChain(cluster, fallbackGroupId).includes(id), `${id} is not its own fallback`);
  }
}

/** Every part of a distribution has ended or will: its node is there and told of it, and an alarm is set. */
function distributionsAgree(cluster: Cluster): void {
  const open: string[] = [];
  for (const { id, nodes, unfinished, dueAt } of cluster.distributions.values()) {
    const rows = [...nodes].filter(([, row]) => !hasEnded(row));
    deepStrictEqual(
      [unfinished, dueAt !== undefined],
      [rows.length, rows.length > 0],
      `${id} knows what is left of it`,
    );
    for (const [nodeId] of rows) open.push(`${nodeId} ${id}`);
    for (const row of nodes.values())
      ok(!row.done || (row.error === undefined && row.progress === 1), `${id} ends once`);
  }
  const told = [...cluster.nodes.values()].flatMap((node) => [...node.distributions].map((id) => `${node.id} ${id}`));
  deepStrictEqual(told.sort(), open.sort(), 'nodes are told of what has not ended, and of nothing else');
  for (const node of cluster.nodes.values())
    for (const key of node.removals.keys()) ok(node.cached.has(key), `${node.id} has what it is to remove`);
  ok(cluster.distributions.size <= MAX_DISTRIBUTIONS, 'old distributions are forgotten');
}

/** Every save has a VM that is held for it or has ended, at most one of a template is at work, and every VM that is held has a save. */
function savesAgree(cluster: Cluster, vms: readonly Vm[]): void {
  const open = [...cluster.saves.values()].filter((save) => !hasSaveEnded(save));
  deepStrictEqual(
    [...cluster.saving],
    open.map(({ id }) => id),
    'those that have not ended are known',
  );
  const held = vms.flatMap(({ id, phase }) => (phase.name === 'pushing' ? [`${id} ${phase.requestId}`] : []));
  deepStrictEqual(held.sort(), open.map(({ id, vmId }) => `${vmId} ${id}`).sort(), 'VMs are held for saves');
  for (const { id, state, dueAt } of cluster.saves.values())
    ok((dueAt !== undefined) === (state !== 'waiting'), `${id} ends some day, or waits for one that does`);
  for (const templateId of new Set(open.map((save) => save.templateId))) {
    const [first, ...others] = open.filter((save) => save.templateId === templateId).map(({ state }) => state);
    deepStrictEqual(first, 'working', `the first of ${templateId} works`);
    ok(
      others.every((state) => state === 'waiting'),
      `the others of ${templateId} wait`,
    );
  }
  ok(cluster.saves.size <= MAX_SAVES, 'old saves are forgotten');
}

/** A key is never taken away before it has expired, and there are not too many. */
function keysAgree({ apiKeys, permissionGroups }: Cluster): void {
  for (const [id, { dueAt, expiresAt }] of apiKeys) ok(dueAt >= expiresAt, `${id} stays until it has expired`);
  ok(apiKeys.size <= MAX_API_KEYS, 'there are not too many keys');
  ok(permissionGroups.size <= MAX_PERMISSION_GROUPS, 'there are not too many permission groups');
}

/** Nothing is newer than the log. */
function webhooksAgree({ webhooks, sequence }: Cluster): void {
  for (const { id, version } of webhooks.values()) ok(version <= sequence, `${id} changed in the past`);
  ok(webhooks.size <= MAX_WEBHOOKS, 'there are not too many webhooks');
}

function queueAgrees(cluster: Cluster, vms: readonly Vm[]): void {
  const waiting = vms
    .filter((vm) => vm.phase.name === 'pending')
    .sort((a, b) => keyOf(cluster, a) - keyOf(cluster, b) || a.acceptedSequence - b.acceptedSequence)
    .map((vm) => vm.id);
  deepStrictEqual<VmId[]>([...cluster.pending], waiting, 'the queue is the pending VMs in their order');
  for (const id of waiting) {
    const pin = cluster.vms.get(id)?.request.nodeId;
    const groupId = cluster.vms.get(id)?.request.groupId;
    ok(groupId === undefined || cluster.groups.has(groupId as GroupId), `${id} does not wait for a group that is gone`);
    ok(pin === undefined || cluster.nodes.has(pin as NodeId), `${id} does not wait for a node that is gone`);
  }
}

const keyOf = (cluster: Cluster, vm: Vm): number => vm.createdAt + priorityOf(vm) * cluster.policy.ageingMsPerPoint;

/** Whether the node's load is within what may be placed on it. */
export function isWithinCapacity(node: Node): boolean {
  if (node.config.capacityMode === 'number') return slotsInUse(node) <= node.config.capacity;
  const limits = resourceLimits(node);
  return node.used.cpu <= limits.cpu && node.used.memoryMiB <= limits.memoryMiB;
}
