import { type Node, resourceLimits, slotsInUse } from '../node/node.js';
import { bytesOf, diskLimit, nothingHeld, usbDevicesFor } from '../node/held.js';
import type { Vm } from '../vm/vm.js';
import { appleLimit, missingResource, resourceOf } from './claims.js';
import type { Demand } from './demand.js';
import { type FilterReason, reasonsAgainst } from './filters.js';

/** Whether a reason may go away by itself, or stays until an operator changes the node or the request is another. */
export type Outlook = 'passing' | 'lasting';

/** One reason against a node, and what the node lacks when that can be counted. */
export interface Obstacle {
  readonly reason: FilterReason;
  readonly outlook: Outlook;
  readonly lack?: Lack;
}

export const LACKS = ['slots', 'vcpu', 'memoryMiB', 'appleVms', 'resource', 'usbDevices', 'diskBytes'] as const;

/** What the VM needs of the node, what is free of it, and what there would be if the node were empty. */
export interface Lack {
  readonly of: (typeof LACKS)[number];
  readonly needs: number;
  readonly free: number;
  readonly limit: number;
}

/** What there is to say about a reason. Words follow a number of nodes: `3 draining`. */
type Aspect =
  | { readonly outlook: Outlook; readonly words: (vm: Vm) => string }
  | {
      /** Passing while other VMs take the room, lasting when the node would be too small even if it were empty. */
      readonly outlook: 'by-size';
      readonly lack: (node: Node, vm: Vm) => Lack;
      /** What no node has while this is what they all lack. */
      readonly need: (vm: Vm) => string;
      readonly tooSmall: (vm: Vm) => string;
    };

/** Complete, so that a new filter must say here whether it is worth waiting for. */
export const ASPECTS: Readonly<Record<FilterReason, Aspect>> = {
  offline: { outlook: 'passing', words: () => 'offline' },
  'other-node-asked': { outlook: 'lasting', words: (vm) => `other than ${vm.request.nodeId ?? 'the one asked for'}` },
  'not-in-group': { outlook: 'lasting', words: (vm) => `outside group ${vm.request.groupId ?? ''}` },
  'wrong-architecture': { outlook: 'lasting', words: (vm) => `of another architecture than ${vm.image.arch}` },
  draining: { outlook: 'passing', words: () => 'draining' },
  unlicensed: { outlook: 'lasting', words: () => 'without a valid licence' },
  'no-label': { outlook: 'lasting', words: (vm) => `without ${labelsIn(vm)}` },
  'no-tag': { outlook: 'lasting', words: (vm) => `without tag ${vm.request.nodeTag ?? ''}` },
  'no-vlan': { outlook: 'lasting', words: (vm) => `outside VLAN ${vm.request.vlan ?? ''}` },
  'mac-in-use': {
    outlook: 'passing',
    words: (vm) => `waiting until MAC address ${vm.request.macAddress ?? ''} is free`,
  },
  'apple-limit': {
    outlook: 'by-size',
    lack: (node) => lack('appleVms', 1, slotsInUse(node), appleLimit(node)),
    need: () => 'a VM left by Apple’s licence',
    tooSmall: () => 'without any VM by Apple’s licence',
  },
  'no-resource': {
    outlook: 'by-size',
    lack: resourceLack,
    need: (vm) => `${resourcesIn(vm)} free`,
    tooSmall: (vm) => `without ${resourcesIn(vm)}`,
  },
  'no-usb-device': {
    outlook: 'by-size',
    lack: (node, vm) => {
      const all = usbDevicesFor(node, vm.request.usbDevice ?? '');
      return lack('usbDevices', 1, all.filter((id) => node.held.usbDevices.has(id)).length, all.length);
    },
    need: (vm) => `USB device ${vm.request.usbDevice ?? ''} free`,
    tooSmall: (vm) => `without USB device ${vm.request.usbDevice ?? ''}`,
  },
  'no-disk': {
    outlook: 'by-size',
    lack: (node, vm) => lack('diskBytes', bytesOf(vm.image), node.held.imageBytes, diskLimit(node)),
    need: () => 'disk left for the template',
    tooSmall: () => 'with too small a disk for the template',
  },
  full: {
    outlook: 'by-size',
    lack: (node) => lack('slots', 1, slotsInUse(node), node.config.capacity),
    need: () => 'a free slot',
    tooSmall: () => 'without any slot',
  },
  'no-cpu': {
    outlook: 'by-size',
    lack: (node, vm) => lack('vcpu', vm.cpu, node.used.cpu, resourceLimits(node).cpu),
    need: (vm) => `${vm.cpu} vCPUs free`,
    tooSmall: (vm) => `too small for ${vm.cpu} vCPUs`,
  },
  'no-memory': {
    outlook: 'by-size',
    lack: (node, vm) => lack('memoryMiB', vm.memoryMiB, node.used.memoryMiB, resourceLimits(node).memoryMiB),
    need: (vm) => `${vm.memoryMiB} MiB free`,
    tooSmall: (vm) => `too small for ${vm.memoryMiB} MiB`,
  },
  'busy-pulling': { outlook: 'passing', words: () => 'pulling another template' },
};

/** In the order in which they explain most. */
export const FILTER_REASONS = Object.keys(ASPECTS) as readonly FilterReason[];

/** Everything that keeps the VM from the node, in the order in which it explains most. Empty: the node could take it now. */
export function obstaclesOn(node: Node, demand: Demand): Obstacle[] {
  const reasons = reasonsAgainst(node, demand);
  if (!reasons.some((reason) => ASPECTS[reason].outlook === 'by-size'))
    return reasons.map((reason) => ({ reason, outlook: ASPECTS[reason].outlook as Outlook }));
  const whenEmpty = new Set(reasonsAgainst(emptied(node), demand));
  return reasons.map((reason) => {
    const aspect = ASPECTS[reason];
    if (aspect.outlook !== 'by-size') return { reason, outlook: aspect.outlook };
    return { reason, outlook: whenEmpty.has(reason) ? 'lasting' : 'passing', lack: aspect.lack(node, demand.vm) };
  });
}

/** The node without any VM. */
export const emptied = (node: Node): Node => ({
  ...node,
  used: { vms: 0, cpu: 0, memoryMiB: 0 },
  held: nothingHeld(),
  unknownVms: 0,
});

/** The obstacle in words that follow a number of nodes. */
export function wordsFor({ reason, outlook }: Obstacle, vm: Vm): string {
  const aspect = ASPECTS[reason];
  if (aspect.outlook !== 'by-size') return aspect.words(vm);
  return outlook === 'lasting' ? aspect.tooSmall(vm) : 'full';
}

const lack = (of: Lack['of'], needs: number, used: number, limit: number): Lack => ({
  of,
  needs,
  // An operator may have taken room away that was given already.
  free: Math.max(0, limit - used),
  limit,
});

function resourceLack(node: Node, vm: Vm): Lack {
  const name = missingResource(node, { vm }) ?? '';
  return lack(
    'resource',
    vm.request.resources?.[name] ?? 0,
    node.held.resources.get(name) ?? 0,
    resourceOf(node, name),
  );
}

const labelsIn = ({ request }: Vm): string =>
  Object.entries(request.labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const resourcesIn = ({ request }: Vm): string =>
  Object.entries(request.resources ?? {})
    .map(([name, amount]) => `${amount} ${name}`)
    .join(', ');
