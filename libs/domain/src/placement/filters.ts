import { groupChain, type Groups } from '../group/group.js';
import { MIN_MEMORY_MIB } from '../limits.js';
import { cacheKey, type Node, resourceLimits, slotsInUse } from '../node/node.js';
import type { Vm } from '../vm/vm.js';

/** Why a node cannot take a VM now. */
export type FilterReason =
  'offline' | 'draining' | 'other-node-asked' | 'not-in-group' | 'wrong-architecture' | 'full' | 'no-cpu' | 'no-memory';

type Filter = (node: Node, vm: Vm, groups: Groups) => boolean;

/** Hard rules: the node may take the VM only when each says yes. In the order in which a refusal explains most. */
const FILTERS: Record<FilterReason, Filter> = {
  offline: isOnline,
  'other-node-asked': (node, vm) => vm.request.nodeId === undefined || vm.request.nodeId === node.id,
  'not-in-group': isInGroup,
  'wrong-architecture': (node, vm) => node.facts.arch === vm.image.arch,
  draining: isUndrained,
  full: hasFreeSlot,
  'no-cpu': (node, vm) => fits(node, node.used.cpu + vm.cpu, resourceLimits(node).cpu),
  'no-memory': (node, vm) => fits(node, node.used.memoryMiB + vm.memoryMiB, resourceLimits(node).memoryMiB),
};

const REASONS = Object.keys(FILTERS) as FilterReason[];

/** The first reason against placing the VM on the node, or undefined when it may go there. */
export function whyNot(node: Node, vm: Vm, groups: Groups): FilterReason | undefined {
  return REASONS.find((reason) => !FILTERS[reason](node, vm, groups));
}

/** All reasons against placing the VM on the node, in the order in which they explain most. */
export function reasonsAgainst(node: Node, vm: Vm, groups: Groups): FilterReason[] {
  return REASONS.filter((reason) => !FILTERS[reason](node, vm, groups));
}

/** Whether the node may take even the smallest VM. */
export function hasRoom(node: Node): boolean {
  if (!isOnline(node) || !isUndrained(node) || !hasFreeSlot(node)) return false;
  const { cpu, memoryMiB } = resourceLimits(node);
  return fits(node, node.used.cpu + 1, cpu) && fits(node, node.used.memoryMiB + MIN_MEMORY_MIB, memoryMiB);
}

export const hasTemplate = (node: Node, vm: Vm): boolean =>
  node.cached.has(cacheKey(vm.image.templateId, vm.image.tag));

function fits(node: Node, wanted: number, limit: number): boolean {
  return node.config.capacityMode === 'number' || wanted <= limit;
}

function isOnline(node: Node): boolean {
  return node.online && !node.deleted;
}

function isInGroup(node: Node, { request }: Vm, groups: Groups): boolean {
  return request.groupId === undefined || groupChain(groups, request.groupId).some((id) => node.groups.has(id));
}

function isUndrained(node: Node): boolean {
  return !node.config.drain;
}

function hasFreeSlot(node: Node): boolean {
  return node.config.capacityMode === 'resource' || slotsInUse(node) < node.config.capacity;
}
