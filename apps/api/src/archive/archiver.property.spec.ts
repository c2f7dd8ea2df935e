import fc from 'fast-check';
import type { LoggedEvent } from '#events';
import { VirtualClock } from '#events/testing';
import { historyOf, stammeringLog } from '../testing/stammering-log.contract.js';
import { Archiver } from './archiver.js';
import { MemoryArchiveStore } from './memory-archive-store.js';

async function archive(events: readonly LoggedEvent[], pieces: readonly number[], maxEvents: number, repeat: number) {
  const store = new MemoryArchiveStore();
  for (const until of [...pieces, events.length]) {
    const log = stammeringLog(events, until, repeat);
    const limits = { maxEvents, lingerMs: 0 };
    const archiver = new Archiver({ log, store, clock: new VirtualClock() }, () => undefined, limits);
    await archiver.run(new AbortController().signal);
  }
  return { events: store.archive.events, links: store.links, holes: store.holes, head: await store.head() };
}

describe('an archive', () => {
  test('has the same events and the same chain in any batching, with any restarts, and when the log repeats itself', async () => {
    const events = historyOf(21, 40);
    const expected = await archive(events, [], events.length, 0);
    expect(expected.events.map(({ body }) => body)).toEqual(events.map(({ raw }) => raw));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(events.length)),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(9),
        async (pieces, maxEvents, repeat) => {
          const restarts = pieces.sort((a, b) => a - b);
          expect(await archive(events, restarts, maxEvents, repeat)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
