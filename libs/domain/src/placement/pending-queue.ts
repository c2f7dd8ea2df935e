import type { VmId } from '../ids.js';
import { DEFAULT_PRIORITY } from '../limits.js';
import type { Vm } from '../vm/vm.js';
import { isBefore, type Waiting, WaitingLine } from './waiting-line.js';

/** What decides whether a node can take a VM, as text: VMs of one kind can take each other's place anywhere. */
export type Kind = string;

/**
 * VMs that wait for a node, most urgent first. One line per kind, because when the first of a line fits nowhere, nobody behind it
 * does: a fleet that is full for one kind costs the others nothing.
 */
export class PendingQueue implements Iterable<VmId> {
  private readonly lines = new Map<Kind, WaitingLine>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The kinds of which at least one VM waits. */
  get kinds(): Iterable<Kind> {
    return this.lines.keys();
  }

  add(vm: Vm): void {
    const kind = kindOf(vm);
    const line = this.lines.get(kind) ?? new WaitingLine();
    line.add(placeOf(vm));
    this.lines.set(kind, line);
    this.count++;
  }

  remove(vm: Vm): void {
    const kind = kindOf(vm);
    const line = this.lines.get(kind);
    if (line === undefined || !line.remove(placeOf(vm))) return;
    this.count--;
    if (line.size === 0) this.lines.delete(kind);
  }

  /** The most urgent VM of the kind. */
  first(kind: Kind): Waiting | undefined {
    return this.lines.get(kind)?.first;
  }

  /** All, in order. Sorts them: for rare looks and for tests. */
  [Symbol.iterator](): Iterator<VmId> {
    const all = [...this.lines.values()].flatMap((line) => [...line]);
    return all
      .sort((a, b) => (isBefore(a, b) ? -1 : 1))
      .map(({ vmId }) => vmId)
      .values();
  }
}

/** The fields of the VM that the placement filters look at, and no others. */
export function kindOf(vm: Vm): Kind {
  return `${vm.image.arch} ${vm.cpu} ${vm.memoryMiB} ${vm.request.nodeId ?? ''} ${vm.request.groupId ?? ''}`;
}

export function priorityOf(vm: Vm): number {
  return vm.request.priority ?? DEFAULT_PRIORITY;
}

function placeOf(vm: Vm): Waiting {
  return { priority: priorityOf(vm), sequence: vm.acceptedSequence, vmId: vm.id };
}
