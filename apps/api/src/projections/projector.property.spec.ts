import fc from 'fast-check';
import type { RecordedEvent } from '#domain';
import { encodeEvent, type Feed, type LoggedEvent } from '#events';
import { VirtualClock } from '#events/testing';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { MemoryProjectionStore } from './memory-projection-store.js';
import { Projector } from './projector.js';

const INCARNATION = 'log-1';

function historyOf(seed: number, ticks: number): LoggedEvent[] {
  const history = new FleetHistory({ seed, nodes: 3 });
  const recorded: RecordedEvent[] = [...history.found()];
  for (let tick = 0; tick < ticks; tick++) recorded.push(...history.tick());
  return recorded.map((event) => ({
    sequence: event.sequence,
    recorded: event,
    raw: JSON.stringify(encodeEvent(event)),
  }));
}

/** A log that repeats itself: after some events it begins again a few events earlier, and it ends after `untilSequence`. */
function stammeringLog(events: readonly LoggedEvent[], untilSequence: number, repeatEvery: number) {
  async function* tell(from: number): AsyncGenerator<LoggedEvent> {
    for (let place = from - 1; place < Math.min(untilSequence, events.length); place++) {
      yield events[place] as LoggedEvent;
      if (repeatEvery > 0 && place % repeatEvery === 0)
        for (const again of events.slice(Math.max(from - 1, place - 5), place + 1)) yield again;
    }
  }
  return {
    follow: (from: number): Feed<LoggedEvent> => Object.assign(tell(from), { stop: () => undefined }),
    lastSequence: async () => events.length,
    incarnation: async () => INCARNATION,
  };
}

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
    archive: store.archive,
  };
};

describe('a projection', () => {
  test('has the same rows and archive in any batching, with any restarts, and when the log repeats itself', async () => {
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
