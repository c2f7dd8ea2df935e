import { archiveReaderContract } from './archive-reader.contract.js';
import { MemoryArchive } from './memory-archive.js';

describe('an archive in memory', () => {
  archiveReaderContract(async () => {
    const archive = new MemoryArchive();
    return { archive, add: async (events) => void archive.events.push(...events) };
  });
});
