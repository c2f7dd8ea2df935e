import {
  MAX_DISK_BYTES,
  MAX_LABEL_LENGTH,
  MAX_LABELS,
  MAX_NODE_TAG_LENGTH,
  MAX_NODE_TAGS,
  MAX_RESERVE_PERCENT,
  MAX_RESOURCE_AMOUNT,
  MAX_RESOURCES,
  MAX_USB_DEVICES,
  MAX_VLANS,
} from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import { tooLong } from '../vm/request-rules.js';
import type { Labels, NodeConfig, NodeFacts, Resources, UsbDevice } from './node.js';

const NODE_TAG = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Checks what the node says that it has to offer beyond room. */
export function refuseOffers({ os, diskBytes, usbDevices, labels, resources, vlans }: NodeFacts): Refusal | undefined {
  return (
    tooLong('os', os, MAX_LABEL_LENGTH) ??
    (diskBytes === undefined ? undefined : outOfRange('diskBytes', diskBytes, 0, MAX_DISK_BYTES)) ??
    refuseUsbDevices(usbDevices) ??
    refuseLabels(labels) ??
    refuseResources(resources) ??
    refuseList('vlans', vlans, MAX_VLANS, (vlan) => tooLong('vlans', vlan, MAX_LABEL_LENGTH))
  );
}

/** Checks what the operator says of it. */
export function refuseTerms({ reservePercent, tags }: Partial<NodeConfig>): Refusal | undefined {
  return (
    (reservePercent === undefined
      ? undefined
      : outOfRange('reserve_percent', reservePercent, 0, MAX_RESERVE_PERCENT)) ??
    refuseList('tags', tags, MAX_NODE_TAGS, (tag) => refuseNodeTag('tags', tag))
  );
}

export function refuseNodeTag(field: string, tag: string): Refusal | undefined {
  if (tag.length <= MAX_NODE_TAG_LENGTH && NODE_TAG.test(tag)) return undefined;
  const rule = `must be 1–${MAX_NODE_TAG_LENGTH} of A–Z a–z 0–9 . _ - with a letter or digit at each end`;
  return { code: 'INVALID', field, message: `has "${tag.slice(0, MAX_NODE_TAG_LENGTH)}": ${rule}` };
}

export function refuseLabels(labels: Labels | undefined): Refusal | undefined {
  return refuseList('labels', labels && Object.entries(labels), MAX_LABELS, ([name, value]) =>
    tooLong('labels', name.length > value.length ? name : value, MAX_LABEL_LENGTH),
  );
}

export function refuseResources(resources: Resources | undefined): Refusal | undefined {
  return refuseList(
    'resources',
    resources && Object.entries(resources),
    MAX_RESOURCES,
    ([name, amount]) =>
      tooLong('resources', name, MAX_LABEL_LENGTH) ?? outOfRange(`resources.${name}`, amount, 0, MAX_RESOURCE_AMOUNT),
  );
}

function refuseUsbDevices(devices: readonly UsbDevice[] | undefined): Refusal | undefined {
  const refusal = refuseList('usbDevices', devices, MAX_USB_DEVICES, ({ id, group }) =>
    tooLong('usbDevices', id.length > group.length ? id : group, MAX_LABEL_LENGTH),
  );
  if (refusal !== undefined || new Set(devices?.map(({ id }) => id)).size === (devices?.length ?? 0)) return refusal;
  return { code: 'INVALID', field: 'usbDevices', message: 'must not repeat an id' };
}

function refuseList<T>(
  field: string,
  list: readonly T[] | undefined,
  most: number,
  refuse: (item: T) => Refusal | undefined,
): Refusal | undefined {
  if (list === undefined) return undefined;
  if (list.length > most)
    return { code: 'INVALID', field, message: `has ${list.length} entries: must have at most ${most}` };
  for (const item of list) {
    const refusal = refuse(item);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
