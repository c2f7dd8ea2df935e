import { MIN_MEMORY_MIB } from '../limits.js';
import { type Node, resourceLimits, slotsInUse } from '../node/node.js';
import { isUnlicensed } from '../node/node-state.js';
import { appleLimit, CLAIM_FILTERS, type ClaimReason } from './claims.js';
import type { Demand } from './demand.js';

/** Why a node cannot take a VM now. */
export type FilterReason =
  | 'offline'
  | 'other-node-asked'
  | 'not-in-group'
  | 'wrong-architecture'
  | 'draining'
  | 'full'
  | 'no-cpu'
  | 'no-memory'
  | 'busy-pulling'
  | ClaimReason;

/** One hard rule. */
export interface Filter {
  /** Whether the node may take the VM, as far as this rule goes. */
  readonly passes: (node: Node, demand: Demand) => boolean;
  /**
   * What the node has to offer and what the VM demands, as words: a node that lacks a demanded word cannot pass. The index finds nodes
   * by these words; `passes` still has the last say. Must depend on nothing but the node's facts, configuration and groups.
   */
  readonly offers?: (node: Node) => readonly string[];
  readonly demands?: (demand: Demand) => readonly string[];
}

/** Hard rules: the node may take the VM only when each says yes. In the order in which a refusal explains most. */
export const FILTERS: Record<FilterReason, Filter> = {
  offline: { passes: isOnline },
  'other-node-asked': { passes: isAskedNode },
  'not-in-group': { passes: isInGroup },
  'wrong-architecture': {
    passes: (node, { vm }) => node.facts.arch === vm.image.arch,
    offers: (node) => [`arch ${node.facts.arch}`],
    demands: ({ vm }) => [`arch ${vm.image.arch}`],
  },
  draining: { passes: isUndrained },
  ...CLAIM_FILTERS,
  full: { passes: hasFreeSlot },
  'no-cpu': { passes: (node, { vm }) => vm.cpu <= freeCpu(node) },
  'no-memory': { passes: (node, { vm }) => vm.memoryMiB <= freeMemoryMiB(node) },
  'busy-pulling': { passes: canPullNow },
};

const REASONS = Object.keys(FILTERS) as FilterReason[];

/** The first reason against placing the VM on the node, or undefined when it may go there. */
export function whyNot(node: Node, demand: Demand): FilterReason | undefined {
  for (const reason of REASONS) if (!FILTERS[reason].passes(node, demand)) return reason;
  return undefined;
}

/** Every reason against it, the one that explains most first. */
export function reasonsAgainst(node: Node, demand: Demand): FilterReason[] {
  return REASONS.filter((reason) => !FILTERS[reason].passes(node, demand));
}

/** Whether the node may take even the smallest VM. */
export function hasRoom(node: Node): boolean {
  return (
    mayTake(node) &&
    hasFreeSlot(node) &&
    slotsInUse(node) < appleLimit(node) &&
    freeCpu(node) >= 1 &&
    freeMemoryMiB(node) >= MIN_MEMORY_MIB
  );
}

/** Whether the node takes VMs at all, whatever its load. */
export const mayTake = (node: Node): boolean => isOnline(node) && !isUnlicensed(node) && isUndrained(node);

/** vCPUs that may still be placed on the node; without end where only the number of VMs counts. */
export function freeCpu(node: Node): number {
  return node.config.capacityMode === 'number' ? Infinity : resourceLimits(node).cpu - node.used.cpu;
}

export function freeMemoryMiB(node: Node): number {
  return node.config.capacityMode === 'number' ? Infinity : resourceLimits(node).memoryMiB - node.used.memoryMiB;
}

/** Whether the node is pulling a template for a VM that has a seat there, one that is not in its cache. */
export function isPulling(node: Node, image: string): boolean {
  return node.pulls.has(image) && !node.cached.has(image);
}

function isOnline(node: Node): boolean {
  return node.online && !node.deleted;
}

function isAskedNode(node: Node, { vm }: Demand): boolean {
  return vm.request.nodeId === undefined || vm.request.nodeId === node.id;
}

function isInGroup(node: Node, { groups }: Demand): boolean {
  if (groups === undefined) return true;
  for (const group of groups) if (node.groups.has(group)) return true;
  return false;
}

function isUndrained(node: Node): boolean {
  return !node.config.drain;
}

function hasFreeSlot(node: Node): boolean {
  return node.config.capacityMode === 'resource' || slotsInUse(node) < node.config.capacity;
}

/** A node pulls one template at a time (anka.md §5): it takes VMs whose template it has, or the one that is on its way. */
function canPullNow(node: Node, { image }: Demand): boolean {
  if (node.pulls.size === 0 || node.cached.has(image)) return true;
  for (const other of node.pulls.keys()) if (other !== image && !node.cached.has(other)) return false;
  return true;
}
