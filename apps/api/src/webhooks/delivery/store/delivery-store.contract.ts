import type { AttemptResult } from '../sender.js';
import { seatsContract } from './seats.contract.js';
import { endpointOf, LEASE_MS, type StoreUnderTest } from './store-under-test.contract.js';
import type { AttemptNote, DeliveryStore, Due, Settlement } from './delivery-store.js';

const result: AttemptResult = {
  outcome: 'delivered',
  status: 200,
  latencyMs: 3,
  request: 'POST',
  response: 'ok\u0000',
};
const noteOf = (more: Partial<AttemptNote> = {}): AttemptNote => ({
  ...{ ...result, at: Date.UTC(2026, 0, 2), attempt: 1, eventId: 'e', type: 'VMStarted' },
  ...more,
});
const settlementOf = (
  sequence: number,
  becomes: Settlement['becomes'],
  more: Partial<Settlement> = {},
): Settlement => ({
  ...{ endpointId: 'a', epoch: 1, sequence, becomes, attempts: 1, inMs: 0, note: noteOf() },
  ...more,
});
const sequences = (dues: readonly Due[]): number[] => dues.map(({ sequence }) => sequence);
const wantOf = (id: string, more: { ordered?: boolean; room?: number; held?: number[] } = {}) => ({
  ...{ id, ordered: false, room: 10, held: [] },
  ...more,
});

/** What every form of the store does. */
export function deliveryStoreContract(make: () => Promise<StoreUnderTest>): void {
  let given: StoreUnderTest;
  let store: DeliveryStore;
  beforeEach(async () => {
    given = await make();
    ({ store } = given);
  });

  seatsContract(() => given);

  describe('what is due', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b']) await given.put(endpointOf(id));
      await store.take('w1', 2, LEASE_MS);
    });

    it('is found for many at once, each as many as it has room for, without those that are held', async () => {
      await given.enqueue(
        'a',
        [1, 2, 3, 4, 5].map((sequence) => ({ sequence, body: `{"n":${sequence}}` })),
      );
      await given.enqueue('b', [{ sequence: 3, body: '{"n":3}' }]);
      const dues = await store.due([wantOf('a', { room: 2, held: [1, 3] }), wantOf('b')]);
      expect(sequences(dues.filter(({ endpointId }) => endpointId === 'a'))).toEqual([2, 4]);
      expect(dues.find(({ endpointId }) => endpointId === 'b')).toEqual({
        ...{
          endpointId: 'b',
          sequence: 3,
          eventId: 'event-3',
          type: 'VMStarted',
          attempts: 0,
          inMs: 0,
          body: '{"n":3}',
        },
      });
      expect(await store.due([])).toEqual([]);
      expect(await store.due([wantOf('unknown')])).toEqual([]);
    });

    it('has its body exactly as it is in the log', async () => {
      const body = '{ "b" : 1.50,  "a":"\\u00fc", "a": 2 }';
      await given.enqueue('a', [{ sequence: 1, body }]);
      expect((await store.due([wantOf('a')]))[0]?.body).toBe(body);
    });

    it('is told of when the archive has lost it', async () => {
      await given.enqueue('a', [{ sequence: 1 }]);
      expect((await store.due([wantOf('a')]))[0]).toMatchObject({ sequence: 1, body: undefined });
    });

    it('is what failed, later; in strict order it is told of at once, with its time, and before all others', async () => {
      await given.enqueue('a', [{ sequence: 1 }, { sequence: 2 }]);
      await store.settle('w1', [settlementOf(1, 'due', { attempts: 3, inMs: 60_000 })]);
      expect(sequences(await store.due([wantOf('a')]))).toEqual([2]);
      const inOrder = await store.due([wantOf('a', { ordered: true })]);
      expect(sequences(inOrder)).toEqual([1, 2]);
      expect(inOrder[0]).toMatchObject({ attempts: 3 });
      expect(inOrder[0]?.inMs).toBeGreaterThan(55_000);
      expect(inOrder[0]?.inMs).toBeLessThanOrEqual(60_000);
      await given.pass(61_000);
      // Longest due first.
      expect(sequences(await store.due([wantOf('a')]))).toEqual([2, 1]);
    });
  });

  describe('results', () => {
    beforeEach(async () => {
      await given.put(endpointOf('a'));
      await store.take('w1', 1, LEASE_MS);
      await given.enqueue(
        'a',
        [1, 2, 3].map((sequence) => ({ sequence })),
      );
    });

    it('end a delivery, put it off, or bury it; each attempt is noted', async () => {
      await store.settle('w1', [
        settlementOf(1, 'delivered'),
        settlementOf(2, 'due', {
          attempts: 2,
          inMs: 60_000,
          note: noteOf({ outcome: 'failed', attempt: 2, error: 'no' }),
        }),
        settlementOf(3, 'dead', { attempts: 9, note: noteOf({ outcome: 'refused', attempt: 9 }) }),
      ]);
      expect(await store.due([wantOf('a')])).toEqual([]);
      expect(sequences(await store.due([wantOf('a', { ordered: true })]))).toEqual([2]);
      expect(await given.dead('a')).toEqual([3]);
      expect(await given.notes()).toEqual([
        { sequence: 1, outcome: 'delivered', attempt: 1 },
        { sequence: 2, outcome: 'failed', attempt: 2 },
        { sequence: 3, outcome: 'refused', attempt: 9 },
      ]);
    });

    it('of several attempts at one delivery count by the last, and all are noted', async () => {
      await store.settle('w1', [
        settlementOf(1, 'due', { inMs: 5, note: noteOf({ outcome: 'failed' }) }),
        settlementOf(1, 'delivered', { note: noteOf({ attempt: 2 }) }),
      ]);
      expect(sequences(await store.due([wantOf('a')]))).toEqual([2, 3]);
      expect(await given.notes()).toHaveLength(2);
    });

    it('without anything sent are not noted', async () => {
      const { note: _note, ...silent } = settlementOf(1, 'delivered');
      await store.settle('w1', [silent]);
      await store.settle('w1', []);
      expect(sequences(await store.due([wantOf('a')]))).toEqual([2, 3]);
      expect(await given.notes()).toEqual([]);
    });

    it('of a former holder change nothing, but its attempts are noted', async () => {
      await store.release('w1', [{ id: 'a', epoch: 1 }]);
      await store.take('w2', 1, LEASE_MS);
      await store.settle('w1', [settlementOf(1, 'delivered'), settlementOf(2, 'dead')]);
      await store.settle('w2', [settlementOf(3, 'delivered', { epoch: 1 })]);
      await store.settle('w2', [settlementOf(1, 'delivered', { endpointId: 'gone', epoch: 2 })]);
      expect(sequences(await store.due([wantOf('a')]))).toEqual([1, 2, 3]);
      expect(await given.notes()).toHaveLength(4);
    });
  });
}
