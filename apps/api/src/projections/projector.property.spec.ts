import fc from 'fast-check';
import type { LoggedEvent } from '#events';
import { VirtualClock } from '#events/testing';
import { historyOf, stammeringLog } from '../testing/stammering-log.contract.js';
import { MemoryProjectionStore } from './memory-projection-store.js';
import { Projector } from './projector.js';

async function project(events: readonly LoggedEvent[], pieces: readonly number[], maxEvents: number, repeat: number) {
  const store = new MemoryProjectionStore();
  for (const until of [...pieces, events.length]) {
    const log = stammeringLog(events, until, repeat);
    const projector = new Projector({ log, store, clock: new VirtualClock() }, () => undefined, {
      maxEvents,
      lingerMs: 0,
    });
    await projector.run(new AbortController().signal);
  }
  return store;
}

const sorted = (store: MemoryProjectionStore) => {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    vms: store.all('vm').sort(byId),
    nodes: store.all('node').sort(byId),
    templates: store.all('template').sort(byId),
  };
};

describe('a projection', () => {
  test('has the same rows in any batching, with any restarts, and when the log repeats itself', async () => {
    const histories = await Promise.all(
      [11, 12].map(async (seed) => {
        const events = historyOf(seed, 60);
        return { events, expected: sorted(await project(events, [], events.length, 0)) };
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...histories),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }).map((cuts) => cuts.sort((a, b) => a - b)),
        async ({ events, expected }, maxEvents, repeat, pieces) => {
          const store = await project(events, pieces, maxEvents, repeat);
          expect((await store.position()).sequence).toBe(events.length);
          expect(sorted(store)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
