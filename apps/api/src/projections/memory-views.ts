import {
  type NodeInUse,
  type NodeRow,
  type NodeUse,
  type NodeView,
  occupiesRoom,
  type SmallView,
  type TemplateRow,
  type TemplateView,
  type VmFilter,
  type VmRow,
  type VmView,
} from '../views/index.js';
import type { RowOf, SmallKind } from './kinds.js';
import { KnownVms } from './known-vms.js';
import type { MemoryProjectionStore } from './memory-projection-store.js';
import { byAcceptance, MemoryVmTable } from './memory-vm-table.js';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class MemoryVmView implements VmView {
  private readonly known: KnownVms;

  constructor(private readonly store: MemoryProjectionStore) {
    this.known = new KnownVms(new MemoryVmTable(store));
  }

  get(id: string): Promise<VmRow | undefined> {
    return this.known.get(id);
  }

  async list({ phase, nodeId, externalId }: VmFilter = {}): Promise<readonly VmRow[]> {
    if (phase === undefined && nodeId === undefined && externalId === undefined) return this.known.list();
    return this.store
      .all('vm')
      .filter(
        (row) =>
          (phase === undefined || row.phase === phase) &&
          (nodeId === undefined || row.nodeId === nodeId) &&
          (externalId === undefined || row.externalId === externalId),
      )
      .sort(byAcceptance);
  }
}

export class MemoryNodeView implements NodeView {
  constructor(private readonly store: MemoryProjectionStore) {}

  async get(id: string): Promise<NodeInUse | undefined> {
    return this.store.one('node', id).map((row) => this.inUse(row))[0];
  }

  async list(): Promise<readonly NodeInUse[]> {
    return this.store
      .all('node')
      .map((row) => this.inUse(row))
      .sort((a, b) => byText(a.id, b.id));
  }

  private inUse(row: NodeRow): NodeInUse {
    const use = this.store
      .all('vm')
      .filter((vm) => vm.nodeId === row.id && occupiesRoom(vm))
      .reduce<NodeUse>(
        (sum, vm) => ({ vms: sum.vms + 1, cpu: sum.cpu + vm.cpu, memoryMiB: sum.memoryMiB + vm.memoryMiB }),
        { vms: 0, cpu: 0, memoryMiB: 0 },
      );
    return { ...row, use };
  }
}

export class MemoryTemplateView implements TemplateView {
  constructor(private readonly store: MemoryProjectionStore) {}

  async get(id: string): Promise<TemplateRow | undefined> {
    return this.store.one('template', id)[0];
  }

  async list(): Promise<readonly TemplateRow[]> {
    return this.store.all('template').sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
  }
}

/** Rows of any small kind. */
export class MemorySmallView<K extends SmallKind> implements SmallView<RowOf[K]> {
  constructor(
    private readonly store: MemoryProjectionStore,
    private readonly kind: K,
  ) {}

  async get(id: string): Promise<RowOf[K] | undefined> {
    return this.store.one(this.kind, id)[0];
  }

  async list(): Promise<readonly RowOf[K][]> {
    return this.store.all(this.kind).sort((a, b) => a.madeSequence - b.madeSequence);
  }
}
