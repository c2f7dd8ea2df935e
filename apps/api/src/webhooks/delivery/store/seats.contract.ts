import type { DeliveryStore } from './delivery-store.js';
import { endpointOf, LEASE_MS, type StoreUnderTest } from './store-under-test.contract.js';

/** What every form of the store does about seats. `given` is another one in each test. */
export function seatsContract(given: () => StoreUnderTest): void {
  describe('seats', () => {
    let store: DeliveryStore;
    beforeEach(() => ({ store } = given()));

    const ids = async (worker: string, count: number): Promise<string[]> =>
      (await store.take(worker, count, LEASE_MS)).map(({ endpoint }) => endpoint.id).sort();

    it('have one holder each, and go to whoever comes first', async () => {
      for (const id of ['a', 'b', 'c']) await given().put(endpointOf(id));
      expect(await ids('w1', 2)).toHaveLength(2);
      expect(await ids('w2', 5)).toHaveLength(1);
      expect(await ids('w3', 5)).toEqual([]);
    });

    it('go to one of many who come at once', async () => {
      for (let index = 0; index < 20; index++) await given().put(endpointOf(`e${index}`));
      const taken = await Promise.all(['w1', 'w2', 'w3', 'w4'].map((worker) => ids(worker, 10)));
      const all = taken.flat();
      expect(new Set(all).size).toBe(all.length);
      expect([...all, ...(await ids('w5', 20))].sort()).toHaveLength(20);
    });

    it('tell all of the endpoint', async () => {
      const endpoint = endpointOf('a', {
        ...{
          format: 'anka',
          headers: { 'x-a': 'b' },
          ordered: true,
          batchSize: 7,
          concurrency: 3,
          ratePerS: 2.5,
          version: 42,
        },
        secrets: [{ secret: 'whsec_AAAA' }, { secret: 'whsec_BBBB', expiresAt: 5 }],
      });
      await given().put(endpoint);
      const [seat] = await store.take('w1', 1, LEASE_MS);
      expect(seat).toMatchObject({ endpoint, epoch: 1, failingForMs: undefined });
      expect(await store.endpoints(['a', 'x'])).toEqual([endpoint]);
    });

    it('are free again when they are given back, or not renewed in time; each holder has a higher epoch', async () => {
      await given().put(endpointOf('a'));
      expect((await store.take('w1', 1, LEASE_MS))[0]?.epoch).toBe(1);
      await store.release('w2', [{ id: 'a', epoch: 1 }]);
      await store.release('w1', [{ id: 'a', epoch: 7 }]);
      expect(await ids('w2', 1)).toEqual([]);
      await store.release('w1', [{ id: 'a', epoch: 1 }]);
      expect((await store.take('w2', 1, LEASE_MS))[0]?.epoch).toBe(2);
      await given().pass(LEASE_MS - 1_000);
      await store.renew('w2', [{ id: 'a', epoch: 2 }], LEASE_MS);
      await given().pass(LEASE_MS - 1_000);
      expect(await ids('w3', 1)).toEqual([]);
      await given().pass(2_000);
      expect((await store.take('w3', 1, LEASE_MS))[0]?.epoch).toBe(3);
      expect((await store.renew('w2', [{ id: 'a', epoch: 2 }], LEASE_MS)).kept.size).toBe(0);
    });

    it('are renewed even late, as long as nobody else came', async () => {
      await given().put(endpointOf('a'));
      await store.take('w1', 1, LEASE_MS);
      await given().pass(2 * LEASE_MS);
      expect([...(await store.renew('w1', [{ id: 'a', epoch: 1 }], LEASE_MS)).kept.keys()]).toEqual(['a']);
    });

    it('are not for disabled endpoints, and are lost when one is disabled', async () => {
      for (const id of ['a', 'b']) await given().put(endpointOf(id));
      await store.take('w1', 2, LEASE_MS);
      await given().disable('a');
      const { kept, fairShare } = await store.renew(
        'w1',
        ['a', 'b'].map((id) => ({ id, epoch: 1 })),
        LEASE_MS,
      );
      expect([[...kept.keys()], fairShare]).toEqual([['b'], 1]);
      await given().pass(2 * LEASE_MS);
      expect(await ids('w2', 5)).toEqual(['b']);
      expect(await store.endpoints(['a'])).toEqual([]);
    });

    it('are shared by those who live', async () => {
      for (let index = 0; index < 5; index++) await given().put(endpointOf(`e${index}`));
      expect((await store.renew('w1', [], LEASE_MS)).fairShare).toBe(5);
      expect((await store.renew('w2', [], LEASE_MS)).fairShare).toBe(3);
      await store.leave('w2');
      expect((await store.renew('w1', [], LEASE_MS)).fairShare).toBe(5);
      await store.renew('w3', [], LEASE_MS);
      await given().pass(LEASE_MS + 1_000);
      expect((await store.renew('w1', [], LEASE_MS)).fairShare).toBe(5);
    });

    it('remember since when there are nothing but failures', async () => {
      await given().put(endpointOf('a'));
      await store.take('w1', 1, LEASE_MS);
      await store.renew('w1', [{ id: 'a', epoch: 1, health: 'failing' }], LEASE_MS);
      await given().pass(5_000);
      await store.renew('w1', [{ id: 'a', epoch: 1, health: 'failing' }], LEASE_MS);
      await store.renew('w1', [{ id: 'a', epoch: 1 }], LEASE_MS);
      await store.release('w1', [{ id: 'a', epoch: 1 }]);
      const [seat] = await store.take('w2', 1, LEASE_MS);
      expect(seat?.failingForMs).toBeGreaterThanOrEqual(4_900);
      await store.renew('w2', [{ id: 'a', epoch: 2, health: 'well' }], LEASE_MS);
      await store.release('w2', [{ id: 'a', epoch: 2 }]);
      expect((await store.take('w1', 1, LEASE_MS))[0]?.failingForMs).toBeUndefined();
    });

    it('tell the version of the endpoint, and for how long something waits', async () => {
      await given().put(endpointOf('a'));
      await store.take('w1', 1, LEASE_MS);
      await given().enqueue('a', [{ sequence: 1 }]);
      await given().put(endpointOf('a', { version: 9 }));
      await given().pass(3_000);
      const { version, oldestMs = 0 } =
        (await store.renew('w1', [{ id: 'a', epoch: 1 }], LEASE_MS)).kept.get('a') ?? {};
      expect(version).toBe(9);
      expect(oldestMs).toBeGreaterThanOrEqual(2_900);
    });
  });
}
