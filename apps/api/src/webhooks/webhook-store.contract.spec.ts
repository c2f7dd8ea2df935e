import { MemoryArchive } from '../archive/memory-archive.js';
import { MemoryWebhookStore } from './memory-webhook-store.js';
import { Outbox } from './outbox.js';
import { TEST_BACKLOG, webhookStoreContract } from './webhook-store.contract.js';

describe('webhooks in memory', () => {
  webhookStoreContract(async () => {
    const store = new MemoryWebhookStore(() => 5000, TEST_BACKLOG);
    const archive = new MemoryArchive();
    let outbox = new Outbox();
    return {
      ...{ store, archive },
      otherArchiver: () => void (outbox = new Outbox()),
      giveUp: async (endpointId, sequence) => store.settle(endpointId, sequence, { state: 'dead' }),
      postpone: async (endpointId, sequence) =>
        store.settle(endpointId, sequence, { attempts: 3, dueAt: 5000 + 86_400_000 }),
      loseArchive: async () => {
        archive.events.length = 0;
        outbox = new Outbox();
      },
      add: async (events, fails = false) => {
        const undo = store.copy();
        await outbox.write(store, events);
        if (fails) {
          undo();
          throw new Error('The batch is undone');
        }
        archive.events.push(...events);
      },
    };
  });
});
