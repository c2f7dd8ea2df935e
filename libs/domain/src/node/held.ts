import { blobsOf, type TemplateImage } from '../template/template.js';
import type { Vm } from '../vm/vm.js';
import { imageKey, DEFAULT_RESERVE_PERCENT, type Node } from './node.js';

/** What VMs with a seat on a node hold of it besides cores, memory and slots. */
export interface Held {
  /** Templates that cannot leave the disk, as `cacheKey`: for how many VMs, and how large they are. */
  readonly images: Map<string, { vms: number; readonly bytes: number }>;
  imageBytes: number;
  /** Ids of USB devices. */
  readonly usbDevices: Set<string>;
  /** Taken, like cores, while the VM takes room. */
  readonly resources: Map<string, number>;
}

export function nothingHeld(): Held {
  return { images: new Map(), imageBytes: 0, usbDevices: new Set(), resources: new Map() };
}

/** The VM takes its seat (1) or gives it up (−1), and with it what is held as long as anything of the VM is on the host. */
export function holdSeat(node: Node, vm: Vm, usbDevice: string | undefined, sign: 1 | -1): void {
  holdImage(node.held, vm.image, sign);
  if (usbDevice === undefined) return;
  if (sign > 0) node.held.usbDevices.add(usbDevice);
  else node.held.usbDevices.delete(usbDevice);
}

/** The VM begins or ceases to take room, and with it what it asked for by name. */
export function holdResources({ held: { resources } }: Node, vm: Vm, sign: 1 | -1): void {
  for (const [name, amount] of Object.entries(vm.request.resources ?? {})) {
    const left = (resources.get(name) ?? 0) + sign * amount;
    if (left === 0) resources.delete(name);
    else resources.set(name, left);
  }
}

function holdImage(held: Held, image: TemplateImage, sign: 1 | -1): void {
  const key = imageKey(image);
  const known = held.images.get(key) ?? { vms: 0, bytes: bytesOf(image) };
  if (known.vms === 0 && sign > 0) held.imageBytes += known.bytes;
  known.vms += sign;
  if (known.vms > 0) return void held.images.set(key, known);
  if (held.images.delete(key)) held.imageBytes -= known.bytes;
}

export function bytesOf(image: TemplateImage): number {
  return blobsOf(image).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Bytes of templates that may lie on the disk so that the reserve stays free; without end where nobody knows the disk. */
export function diskLimit({ facts, config }: Pick<Node, 'facts' | 'config'>): number {
  if (facts.diskBytes === undefined) return Infinity;
  return Math.floor((facts.diskBytes * (100 - (config.reservePercent ?? DEFAULT_RESERVE_PERCENT))) / 100);
}

/** The devices of the node that are meant by the name of a group or by an id. */
export function usbDevicesFor({ facts }: Pick<Node, 'facts'>, wanted: string): string[] {
  return (facts.usbDevices ?? []).filter(({ id, group }) => id === wanted || group === wanted).map(({ id }) => id);
}

/** The device that a VM gets if it is placed there now: of those that are free the first by id. */
export function freeUsbDevice(node: Node, wanted: string): string | undefined {
  return usbDevicesFor(node, wanted)
    .filter((id) => !node.held.usbDevices.has(id))
    .sort()[0];
}
