import { encodeEvent } from '#events';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { archived, type ArchivedEvent } from './archived-event.js';
import type { ArchiveReader } from './archive-reader.js';
import type { ArchiveStore } from './archive-store.js';
import { type ArchiveHead, chained, EMPTY_ARCHIVE } from './chain.js';

export interface StoreUnderTest {
  readonly store: ArchiveStore;
  readonly archive: ArchiveReader;
}

/** The beginning of a fleet, as it is archived. */
export function story(): ArchivedEvent[] {
  const recorded = new FleetHistory({ seed: 6, nodes: 2 }).found();
  return recorded.map((event) => archived({ sequence: event.sequence, raw: JSON.stringify(encodeEvent(event)) }));
}

const ODD = [
  '{ "id": "same",  "type":"muster.vm.VMSang","subject":"vm\\t1","time":"2026-01-01T00:00:00Z","n":1.50,"n":2}',
  JSON.stringify({
    id: 'same',
    type: 'muster.vm.VMSang',
    said: 'tab\t newline\n "quoted" \\ \\N \\. NUL\u0000 half \ud800 é😀',
  }),
  JSON.stringify({
    id: 'NUL\u0000 half \ud800',
    type: 'muster.vm.VM\u0000',
    subject: '\udc00',
    actor: '\u0000',
    time: 'never',
  }),
  JSON.stringify({ type: 'large', said: 'x'.repeat(2_000_000) }),
  '"a text"',
  'no JSON \u001e at all',
];

/** What every form of the archive's store keeps. `open` gives an empty one. */
export function archiveStoreContract(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  beforeEach(async () => {
    under = await open();
  });

  const append = async (events: readonly ArchivedEvent[]): Promise<ArchiveHead> => {
    const batch = chained(await under.store.head(), events, 'log-1');
    expect(await under.store.append(batch)).toBe(true);
    return batch.to;
  };

  test('begins empty, before the first event of any log', async () => {
    expect(await under.store.head()).toEqual(EMPTY_ARCHIVE);
    expect(await under.store.tail()).toBeUndefined();
    expect(await under.archive.extent()).toEqual({ first: 1, last: 0 });
  });

  test('ends where the last batch does, over days and holes', async () => {
    const [one, two, three] = story() as [ArchivedEvent, ArchivedEvent, ArchivedEvent];
    await append([one]);
    const later = { ...two, sequence: 7, time: two.time + 3 * 86_400_000 };
    const head = await append([later, { ...three, sequence: 8, time: 0 }]);
    expect(await under.store.head()).toEqual(head);
    expect((await under.store.tail())?.id).toBe(three.id);
    expect(await under.archive.extent()).toEqual({ first: 1, last: 8 });
    const found = await under.archive.find({ order: 'oldest', limit: 10, since: two.time });
    expect(found.map(({ sequence }) => sequence)).toEqual([1, 7]);
  });

  test('adds a batch only behind where it ends, and then nothing of it', async () => {
    const events = story();
    const first = chained(EMPTY_ARCHIVE, events.slice(0, 2), 'log-1');
    expect(await under.store.append(first)).toBe(true);
    expect(await under.store.append(first)).toBe(false);
    const stranger = { ...first.to, hash: Buffer.alloc(32, 1) };
    expect(await under.store.append(chained(stranger, events.slice(2), 'log-1'))).toBe(false);
    expect(await under.store.head()).toEqual(first.to);
    expect(await under.archive.find({ order: 'oldest', limit: 10 })).toHaveLength(2);
  });

  test('keeps every text byte by byte, whatever a database dislikes about it', async () => {
    const events = ODD.map((raw, place) => archived({ sequence: place + 1, raw }));
    await append(events);
    const found = await under.archive.find({ order: 'oldest', limit: 10 });
    expect(found.map(({ body }) => body)).toEqual(events.map(({ body }) => body));
    expect((await under.archive.byId('same'))?.sequence).toBe(1);
    expect((await under.store.tail())?.body).toBe('{"unreadable":"no JSON \\u001e at all"}');
  });
}
