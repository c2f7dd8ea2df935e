import { createHash } from 'node:crypto';
import { archived } from './archived-event.js';
import { chained, EMPTY_ARCHIVE, linkHash, NOTHING_BEFORE } from './chain.js';

const event = (sequence: number, time: string) =>
  archived({
    sequence,
    raw: JSON.stringify({ id: `e:${sequence}`, type: 'muster.vm.VMStarted', subject: 'vm-1', time }),
  });

describe('the chain of the archive', () => {
  test('is SHA-256 over the hash before, the sequence in eight bytes, and the exact body', () => {
    const before = Buffer.alloc(32, 7);
    const expected = createHash('sha256')
      .update(before)
      .update(Buffer.from([0, 0, 0, 1, 0, 0, 0, 2]))
      .update('{"é":1}');
    expect(linkHash(before, 2 ** 32 + 2, '{"é":1}')).toEqual(expected.digest());
  });

  test('links each event to the one before, and begins with nothing', () => {
    const events = [event(1, '2026-01-01T00:00:00.000Z'), event(2, '2026-01-01T00:00:01.000Z')];
    const { links, to, holes } = chained(EMPTY_ARCHIVE, events, 'log-1');
    expect(links[0]?.hash).toEqual(linkHash(NOTHING_BEFORE, 1, events[0]?.body ?? ''));
    expect(links[1]?.hash).toEqual(linkHash(links[0]?.hash as Buffer, 2, events[1]?.body ?? ''));
    expect(to).toEqual({ sequence: 2, hash: links[1]?.hash, day: '2026-01-01', incarnation: 'log-1' });
    expect(holes).toEqual([]);
  });

  test('puts an event under its UTC day, or under that of the event before when the clock went back', () => {
    const times = [
      '2026-01-31T23:59:59.999Z',
      '2026-02-01T00:00:00.000Z',
      '2026-01-31T23:59:58.000Z',
      '2026-03-01T12:00:00Z',
    ];
    const { links } = chained(
      EMPTY_ARCHIVE,
      times.map((time, place) => event(place + 1, time)),
      'log-1',
    );
    expect(links.map(({ day }) => day)).toEqual(['2026-01-31', '2026-02-01', '2026-02-01', '2026-03-01']);
  });

  test('names the sequences that the log did not have, but not those before its first event', () => {
    const begun = chained(EMPTY_ARCHIVE, [event(5, '2026-01-01T00:00:00Z'), event(8, '2026-01-01T00:00:00Z')], 'log-1');
    expect(begun.holes).toEqual([{ first: 6, last: 7 }]);
    expect(chained(begun.to, [event(12, '2026-01-01T00:00:00Z')], 'log-1').holes).toEqual([{ first: 9, last: 11 }]);
  });
});
