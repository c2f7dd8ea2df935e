import { archiveStoreContract } from './archive-store.contract.js';
import { MemoryArchiveStore } from './memory-archive-store.js';

describe('the store of an archive in memory', () => {
  archiveStoreContract(async () => {
    const store = new MemoryArchiveStore();
    return { store, archive: store.archive };
  });
});
