import { MAX_VMS_PER_APPLE_HOST } from '../limits.js';
import { bytesOf, diskLimit, freeUsbDevice } from '../node/held.js';
import { type Labels, type Node, slotsInUse } from '../node/node.js';
import { isUnlicensed } from '../node/node-state.js';
import type { Demand } from './demand.js';
import type { Filter } from './filters.js';
import { tagWord } from './words.js';

/** Why a node cannot take a VM that asks for more than room. */
export type ClaimReason =
  | 'unlicensed'
  | 'no-label'
  | 'no-tag'
  | 'no-vlan'
  | 'mac-in-use'
  | 'apple-limit'
  | 'no-resource'
  | 'no-usb-device'
  | 'no-disk';

/** The hard rules about what a node has besides room, and may or may not do. */
export const CLAIM_FILTERS: Record<ClaimReason, Filter> = {
  unlicensed: { passes: (node) => !isUnlicensed(node) },
  'no-label': {
    passes: hasLabels,
    offers: ({ facts }) => labelWords(facts.labels),
    demands: ({ vm }) => labelWords(vm.request.labels),
  },
  'no-tag': {
    passes: (node, demand) => requiredTags(demand).every((tag) => node.config.tags?.includes(tag)),
    offers: ({ config }) => (config.tags ?? []).map(tagWord),
    demands: (demand) => requiredTags(demand).map(tagWord),
  },
  'no-vlan': {
    passes: ({ facts }, { vm }) => vm.request.vlan === undefined || facts.vlans?.includes(vm.request.vlan) === true,
    offers: ({ facts }) => (facts.vlans ?? []).map(vlanWord),
    demands: ({ vm }) => (vm.request.vlan === undefined ? [] : [vlanWord(vm.request.vlan)]),
  },
  'mac-in-use': { passes: (_, { isMacTaken }) => isMacTaken !== true },
  'apple-limit': { passes: (node) => slotsInUse(node) < appleLimit(node) },
  'no-resource': { passes: (node, demand) => missingResource(node, demand) === undefined },
  'no-usb-device': { passes: hasUsbDevice },
  'no-disk': { passes: hasDisk },
};

const vlanWord = (vlan: string): string => `vlan ${vlan}`;

function labelWords(labels: Labels | undefined): string[] {
  return labels === undefined ? [] : Object.entries(labels).map(([name, value]) => `label ${name}=${value}`);
}

function hasLabels({ facts }: Node, { vm }: Demand): boolean {
  const { labels } = vm.request;
  return labels === undefined || Object.entries(labels).every(([name, value]) => labelOf(facts.labels, name) === value);
}

/** Names that every object knows are no labels of a node that does not have them. */
const labelOf = <T>(labels: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;

function requiredTags({ vm: { request } }: Demand): string[] {
  return request.nodeTag !== undefined && request.nodeTagRequired === true ? [request.nodeTag] : [];
}

/** How many VMs a host may run at once by Apple's licence; without end elsewhere. */
export function appleLimit({ facts, config }: Pick<Node, 'facts' | 'config'>): number {
  const isBound = facts.os === 'darwin' && facts.arch === 'arm64' && config.ignoreAppleLimit !== true;
  return isBound ? MAX_VMS_PER_APPLE_HOST : Infinity;
}

/** The first of the resources that the VM asks for of which the node has too little left. */
export function missingResource(node: Node, { vm }: Pick<Demand, 'vm'>): string | undefined {
  const { resources } = vm.request;
  if (resources === undefined) return undefined;
  for (const [name, amount] of Object.entries(resources))
    if (amount > Math.max(0, resourceOf(node, name) - (node.held.resources.get(name) ?? 0))) return name;
  return undefined;
}

export const resourceOf = ({ facts }: Node, name: string): number => labelOf(facts.resources, name) ?? 0;

function hasUsbDevice(node: Node, { vm: { request } }: Demand): boolean {
  return request.usbDevice === undefined || freeUsbDevice(node, request.usbDevice) !== undefined;
}

/** A template that VMs here use already is on the disk; any other may have to be pulled, and all that nobody uses may go for it. */
function hasDisk(node: Node, { vm, image }: Demand): boolean {
  if (node.facts.diskBytes === undefined) return true;
  const others = node.held.images.has(image) ? 0 : node.held.imageBytes;
  return others + bytesOf(vm.image) <= diskLimit(node);
}
