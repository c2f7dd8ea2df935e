import type { VmId } from '../ids.js';
import { DEFAULT_PRIORITY } from '../limits.js';
import { imageKey } from '../node/node.js';
import type { Vm, VmRequest } from '../vm/vm.js';
import { isBefore, type Kind, type Waiting, WaitingLine } from './waiting-line.js';

/**
 * VMs that wait for a node, most urgent first. One line per kind, because when the first of a line fits nowhere, nobody behind it
 * does: a fleet that is full for one kind costs the others nothing.
 */
export class PendingQueue implements Iterable<VmId> {
  private readonly lines = new Map<Kind, WaitingLine>();
  private readonly places = new Map<VmId, Waiting>();

  get size(): number {
    return this.places.size;
  }

  /** The kinds of which at least one VM waits. */
  get kinds(): Iterable<Kind> {
    return this.lines.keys();
  }

  /** `ageingMsPerPoint`: what a point of priority is worth in time. Returns the kind when the VM is the first of its line now. */
  add(vm: Vm, ageingMsPerPoint: number): Kind | undefined {
    const kind = kindOf(vm);
    const priority = priorityOf(vm);
    const key = vm.createdAt + priority * ageingMsPerPoint;
    const place: Waiting = { vmId: vm.id, priority, key, sequence: vm.acceptedSequence, kind, hasLeft: false };
    this.places.set(vm.id, place);
    const line = this.lines.get(kind) ?? new WaitingLine();
    this.lines.set(kind, line);
    line.add(place);
    return line.first === place ? kind : undefined;
  }

  remove(vm: Vm): void {
    const place = this.places.get(vm.id);
    if (place === undefined) return;
    this.places.delete(vm.id);
    const line = this.lines.get(place.kind);
    line?.remove(place);
    if (line?.size === 0) this.lines.delete(place.kind);
  }

  /** The most urgent VM of the kind. */
  first(kind: Kind): Waiting | undefined {
    return this.lines.get(kind)?.first;
  }

  /** The VM's place, if it waits. */
  placeOf(vmId: VmId): Waiting | undefined {
    return this.places.get(vmId);
  }

  /** All, in order. Sorts them: for rare looks and for tests. */
  [Symbol.iterator](): IterableIterator<VmId> {
    return [...this.places.values()]
      .sort((a, b) => (isBefore(a, b) ? -1 : 1))
      .map(({ vmId }) => vmId)
      .values();
  }
}

/** The fields of the VM that placement looks at, and no others. */
export function kindOf(vm: Vm): Kind {
  const { image, request, phase } = vm;
  const waits = phase.name === 'pending' && phase.deferred !== undefined ? 'deferred' : '';
  const template = imageKey(image);
  return `${image.arch} ${vm.cpu} ${vm.memoryMiB} ${request.nodeId ?? ''} ${request.groupId ?? ''} ${template} ${waits}${claimsOf(request)}`;
}

/** What few VMs ask for. */
function claimsOf(request: VmRequest): string {
  const { usbDevice, labels, resources, nodeTag, nodeTagRequired, macAddress, vlan } = request;
  const claims = usbDevice ?? labels ?? resources ?? nodeTag ?? nodeTagRequired ?? macAddress ?? vlan;
  if (claims === undefined) return '';
  return JSON.stringify([usbDevice, labels, resources, nodeTag, nodeTagRequired, macAddress, vlan]);
}

export function priorityOf(vm: Vm): number {
  return vm.request.priority ?? DEFAULT_PRIORITY;
}
