import type { NodeInUse, VmRow } from '../../../views/index.js';

/** How many devices of one group there are. */
export interface DeviceCount {
  available: number;
  busy: number;
}

/** USB devices of all nodes by group: those that an instance holds are busy (anka.md §2.7). */
export function devicesOf(nodes: readonly NodeInUse[], vms: readonly VmRow[]): Record<string, DeviceCount> {
  const held = new Set<string>();
  for (const { nodeId, epoch, usbDevice } of vms)
    if (usbDevice !== undefined && epoch !== undefined) held.add(`${nodeId}\n${usbDevice}`);
  const groups = new Map<string, DeviceCount>();
  for (const node of nodes) {
    for (const { id, group } of node.facts.usbDevices ?? []) {
      const count = groups.get(group) ?? { available: 0, busy: 0 };
      count[held.has(`${node.id}\n${id}`) ? 'busy' : 'available']++;
      groups.set(group, count);
    }
  }
  return Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Networks that any node is part of. */
export function vlansOf(nodes: readonly NodeInUse[]): string[] {
  return [...new Set(nodes.flatMap(({ facts }) => facts.vlans ?? []))].sort();
}
