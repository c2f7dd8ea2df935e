import { LOOKED_AT } from './access-view.contract.js';
import { MemoryAccessView } from './memory-access-view.js';
import { perKind } from './kinds.js';
import { MemoryProjectionStore } from './memory-projection-store.js';
import { MemoryNodeView, MemorySmallView, MemoryTemplateView, MemoryVmView } from './memory-views.js';
import { projectionStoreContract } from './projection-store.contract.js';
import type { Changes, Ids } from './step.js';
import { WriteBehindStore } from './write-behind-store.js';

describe('a projection in memory', () => {
  projectionStoreContract(async () => {
    const store = new MemoryProjectionStore();
    return {
      store,
      vms: new MemoryVmView(store),
      nodes: new MemoryNodeView(store),
      templates: new MemoryTemplateView(store),
      groups: new MemorySmallView(store, 'group'),
      distributions: new MemorySmallView(store, 'distribution'),
      access: new MemoryAccessView(store, { now: () => LOOKED_AT }),
    };
  });
});

describe('a store that writes one step behind', () => {
  test('tells of a step that was not written, at the next step, at a look and at the end', async () => {
    const store = new MemoryProjectionStore();
    const behind = new WriteBehindStore(store);
    const none = perKind<Changes>(() => new Map());
    const step = (from: number) => ({
      from: { sequence: from, incarnation: undefined, generation: '1', version: 1 },
      ...{ incarnation: 'log-1', toSequence: from + 1, events: [], changes: none },
    });
    expect(await behind.commit(step(0))).toBe(true);
    expect((await behind.position()).sequence).toBe(1);
    expect(await behind.commit(step(7))).toBe(true);
    expect(await behind.commit(step(1))).toBe(false);
    await expect(behind.flush()).rejects.toThrow('something else moved it');
    await expect(behind.load(perKind<Ids>(() => []))).rejects.toThrow('something else moved it');
    expect((await store.position()).sequence).toBe(1);
  });

  test('throws what the store threw', async () => {
    const broken = { commit: () => Promise.reject(new Error('the disk is full')) };
    const behind = new WriteBehindStore(broken as never);
    expect(await behind.commit({} as never)).toBe(true);
    await expect(behind.commit({} as never)).rejects.toThrow('the disk is full');
    await expect(behind.flush()).rejects.toThrow('the disk is full');
  });
});
