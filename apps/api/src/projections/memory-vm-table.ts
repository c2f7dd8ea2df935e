import type { VmRow } from '../views/index.js';
import type { Standpoint, VmLookup, VmNews, VmTable } from './known-vms.js';
import type { MemoryProjectionStore } from './memory-projection-store.js';

export const byAcceptance = (a: VmRow, b: VmRow): number => a.acceptedSequence - b.acceptedSequence;

/** The VMs of a projection in memory. */
export class MemoryVmTable implements VmTable {
  constructor(private readonly store: MemoryProjectionStore) {}

  async since(standpoint: Standpoint): Promise<VmNews> {
    const { generation, sequence } = await this.store.position();
    const rows = this.store.all('vm').sort(byAcceptance);
    const since = generation === standpoint.generation ? standpoint.sequence : -1;
    const changed = new Map(rows.filter((row) => row.sequence > since).map((row) => [row.id, row]));
    return { generation, sequence, ids: rows.map(({ id }) => id), changed };
  }

  async lookUp(generation: string, known: ReadonlyMap<string, number>): Promise<VmLookup> {
    const found = new Map<string, VmRow | 'same'>();
    const now = (await this.store.position()).generation;
    for (const [id, sequence] of known) {
      for (const row of this.store.one('vm', id))
        found.set(id, generation === now && row.sequence === sequence ? 'same' : row);
    }
    return { generation: now, found };
  }
}
