import { MemoryBookmarks, MemoryEventLog, MemoryNats, VirtualClock } from '#events/testing';
import { MARK_EVERY_MS, PlaceMarks } from './place-marks.js';

function world() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const nats = new MemoryNats(clock);
  const link = nats.connect('api');
  const bookmarks = new MemoryBookmarks(link);
  const places = { projection: 0, archive: 0 };
  const troubles: string[] = [];
  const readers = (['projection', 'archive'] as const).map((name) => ({ name, position: async () => places[name] }));
  const bus = () => ({ bookmarks, log: new MemoryEventLog(link) });
  const stop = new AbortController();
  const running = new PlaceMarks(readers, bus, clock, (trouble) => troubles.push(trouble)).run(stop.signal);
  const marked = async () => [...(await bookmarks.all())].map(([name, { sequence }]) => [name, sequence]);
  return { clock, link, places, troubles, marked, stop, running, nats };
}

describe('the places of those who read the log into Postgres', () => {
  test('stand beside the log a few seconds later, also when a database was put back from a backup', async () => {
    const { clock, places, marked, stop, running } = world();
    Object.assign(places, { projection: 7, archive: 5 });
    expect(await marked()).toEqual([]);
    await clock.advanceBy(MARK_EVERY_MS);
    expect(await marked()).toEqual([
      ['projection', 7],
      ['archive', 5],
    ]);
    places.projection = 3;
    await clock.advanceBy(MARK_EVERY_MS);
    expect(await marked()).toEqual([
      ['projection', 3],
      ['archive', 5],
    ]);
    stop.abort();
    await running;
  });

  test('are told late, and once, when nothing can be written down', async () => {
    const { clock, link, places, troubles, marked, stop, running } = world();
    link.cut();
    places.archive = 9;
    await clock.advanceBy(4 * MARK_EVERY_MS);
    expect(troubles).toHaveLength(1);
    link.heal();
    await clock.advanceBy(2 * MARK_EVERY_MS);
    expect(await marked()).toEqual([
      ['projection', 0],
      ['archive', 9],
    ]);
    stop.abort();
    await running;
  });
});
