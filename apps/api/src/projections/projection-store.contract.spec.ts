import { MemoryProjectionStore } from './memory-projection-store.js';
import { MemoryNodeView, MemoryTemplateView, MemoryVmView } from './memory-views.js';
import { projectionStoreContract } from './projection-store.contract.js';

describe('a projection in memory', () => {
  projectionStoreContract(async () => {
    const store = new MemoryProjectionStore();
    return {
      store,
      vms: new MemoryVmView(store),
      nodes: new MemoryNodeView(store),
      templates: new MemoryTemplateView(store),
      archivedCount: async () => store.archive.length,
    };
  });
});
