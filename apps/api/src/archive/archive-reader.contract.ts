import { encodeEvent, EVENTS } from '#events';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { archived, type ArchivedEvent } from './archived-event.js';
import type { ArchiveReader, EventQuery } from './archive-reader.js';

export interface ArchiveUnderTest {
  readonly archive: ArchiveReader;
  /** Events behind all that are there. */
  add(events: readonly ArchivedEvent[]): Promise<void>;
}

const NOBODY: EventQuery = { actor: 'nobody', order: 'oldest', limit: 10 };

/** The story of a fleet, as it is archived. */
function story(): ArchivedEvent[] {
  const history = new FleetHistory({ seed: 6, nodes: 2 });
  const recorded = [...history.found(), ...Array.from({ length: 30 }, () => history.tick()).flat()];
  return recorded.map((event) => archived({ sequence: event.sequence, raw: JSON.stringify(encodeEvent(event)) }));
}

/** What every form of the archive answers. `open` gives an empty one. */
export function archiveReaderContract(open: () => Promise<ArchiveUnderTest>): void {
  const events = story();
  const at = (place: number): ArchivedEvent => events.at(place) as ArchivedEvent;
  let archive: ArchiveReader;

  describe('with the story of a fleet', () => {
    beforeAll(async () => {
      const under = await open();
      await under.add(events.slice(0, 10));
      await under.add(events.slice(10));
      archive = under.archive;
    });

    test('gives events back as they are, body and all', async () => {
      const found = await archive.find({ order: 'oldest', limit: 10 });
      expect(found).toEqual(events.slice(0, 10));
      expect(found.map(({ body }) => body)).toEqual(events.slice(0, 10).map(({ body }) => body));
      expect(await archive.extent()).toEqual({ first: 1, last: events.length });
    });

    test('finds by each of what can be asked for, and by all of it together', async () => {
      const one = at(40);
      const { noun, subjectId, actor, correlationId, commandSequence, time } = one;
      const questions: Partial<EventQuery>[] = [
        { types: [one.type, 'NodeRegistered'] },
        { types: [] },
        { noun: noun as 'vm' },
        { subjectId },
        { actor },
        { correlationId },
        { commandSequence },
        { kind: 'apiAction' },
        { kind: 'systemAction', types: ['StartVM', 'VMStarted'] },
        { since: time },
        { until: time },
        { after: one.sequence },
        { before: one.sequence },
        { noun: noun as 'vm', subjectId, actor, correlationId, commandSequence, since: time, types: [one.type] },
      ];
      for (const question of questions) {
        const expected = events.filter((event) => answers(event, question));
        const newest = expected.toReversed().slice(0, 25);
        expect(await archive.find({ ...question, order: 'oldest', limit: 25 })).toEqual(expected.slice(0, 25));
        expect(await archive.find({ ...question, order: 'newest', limit: 25 })).toEqual(newest);
      }
      expect(await archive.find(NOBODY)).toEqual([]);
    });

    test('is read to the end in pages, from either side', async () => {
      const read: number[] = [];
      for (let after = 0; ;) {
        const page = await archive.find({ noun: 'vm', after, order: 'oldest', limit: 7 });
        if (page.length === 0) break;
        read.push(...page.map(({ sequence }) => sequence));
        after = read.at(-1) as number;
      }
      expect(read).toEqual(events.filter(({ noun }) => noun === 'vm').map(({ sequence }) => sequence));
    });

    test('knows an event by its id', async () => {
      expect(await archive.byId(at(20).id)).toEqual(at(20));
      expect(await archive.byId('no such event')).toBeUndefined();
      expect(await archive.byId('a\u0000b\ud800')).toBeUndefined();
    });

    test('tells the history of one thing alone, up to a sequence or a time', async () => {
      const own = events.filter(({ noun, subjectId }) => noun === 'vm' && subjectId === 'vm-3');
      expect(own.length).toBeGreaterThan(2);
      expect(await archive.history('vm', 'vm-3')).toEqual(own);
      const { sequence, time } = own[1] as ArchivedEvent;
      expect(await archive.history('vm', 'vm-3', { sequence })).toEqual(own.slice(0, 2));
      expect(await archive.history('vm', 'vm-3', { time })).toEqual(own.filter((event) => event.time <= time));
      expect(await archive.history('node', 'vm-3')).toEqual([]);
      expect(await archive.history('vm', 'vm-404')).toEqual([]);
    });
  });

  test('is empty at first, and says so', async () => {
    const under = await open();
    expect(await under.archive.extent()).toEqual({ first: 1, last: 0 });
    expect(await under.archive.find({ order: 'newest', limit: 5 })).toEqual([]);
  });
}

function answers(event: ArchivedEvent, question: Partial<EventQuery>): boolean {
  const { types, kind, since, until, after, before, ...same } = question;
  const kindOfType = EVENTS[event.type as keyof typeof EVENTS].kind;
  return (
    (types === undefined || types.includes(event.type)) &&
    (kind === undefined || kindOfType === kind) &&
    (since === undefined || event.time >= since) &&
    (until === undefined || event.time < until) &&
    (after === undefined || event.sequence > after) &&
    (before === undefined || event.sequence < before) &&
    Object.entries(same).every(([name, value]) => event[name as keyof ArchivedEvent] === value)
  );
}
