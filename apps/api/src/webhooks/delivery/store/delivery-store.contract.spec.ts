import { VirtualClock } from '#events/testing';
import { deliveryStoreContract } from './delivery-store.contract.js';
import { MemoryDeliveryStore } from './memory-delivery-store.js';

describe('deliveries in memory', () => {
  deliveryStoreContract(async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const store = new MemoryDeliveryStore(clock);
    return {
      store,
      put: async (endpoint) => store.put(endpoint),
      disable: async (id) => store.disable(id),
      enqueue: async (id, events) =>
        store.enqueue(
          id,
          events.map(({ sequence, body }) => ({ sequence, body, eventId: `event-${sequence}`, type: 'VMStarted' })),
        ),
      pass: (ms) => clock.advanceBy(ms),
      dead: async (id) => store.waiting(id, 'dead'),
      notes: async () => store.attempts.map(({ sequence, outcome, attempt }) => ({ sequence, outcome, attempt })),
    };
  });
});
