import { chained, EMPTY_ARCHIVE } from './chain.js';
import { story } from './archive-store.contract.js';
import { eventLine, type ExportedEvent, headerLine, readExport, trailerLine } from './export-file.js';

const events = story();
const { to, links } = chained(EMPTY_ARCHIVE, events, 'log-1');
const anchor = EMPTY_ARCHIVE.hash.toString('hex');
const lines = [
  headerLine({ incarnation: 'log-1', first: 1, last: to.sequence, anchor }),
  ...events.map(eventLine),
  trailerLine({ count: events.length, hash: to.hash.toString('hex') }),
];

async function read(text: readonly string[]): Promise<ExportedEvent[]> {
  const found: ExportedEvent[] = [];
  const given = (async function* () {
    yield* text;
  })();
  await readExport(given, (event) => void found.push(event));
  return found;
}

const without = (place: number): string[] => lines.toSpliced(place, 1);

describe('an export of events', () => {
  test('gives back sequences and bodies, byte by byte', async () => {
    expect(await read(lines)).toEqual(events.map(({ sequence, body }) => ({ sequence, body })));
    const odd = { sequence: 3, body: '{ "a":\n 1.0 }' };
    expect(eventLine(odd)).not.toContain('\n');
    const after = chained(EMPTY_ARCHIVE, [{ ...(events[0] as never as object), ...odd } as never], 'log-1').to;
    const text = [
      headerLine({ incarnation: 'log-1', first: 3, last: 3, anchor }),
      eventLine(odd),
      trailerLine({ count: 1, hash: after.hash.toString('hex') }),
    ];
    expect(await read(text)).toEqual([odd]);
  });

  test('holds events that other tools can read', () => {
    expect(JSON.parse(lines[1] ?? '')).toEqual({ sequence: 1, event: JSON.parse(links[0]?.event.body ?? '') });
  });

  test.each([
    ['cut off', lines.slice(0, -1), 'ends before its last line'],
    ['empty', [], 'ends before its last line'],
    ['of something else', ['{"a":1}', ...lines.slice(1)], 'header of an export'],
    ['of a later version', [(lines[0] ?? '').replace('"version":1', '"version":9'), ...lines.slice(1)], 'version 9'],
    ['without one event', without(2), `has ${events.length - 1} events`],
    [
      'with two events exchanged',
      [...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)] as string[],
      'must be more',
    ],
    ['with a changed event', lines.with(2, (lines[2] ?? '').replace('muster', 'master')), 'hash over all events'],
    ['with a broken line', lines.with(2, 'x'), 'line 3: it must be an event'],
    ['longer than it says', [...lines, lines[1]] as string[], 'more behind its end'],
  ])('that is %s is refused', async (_how, text, words) => {
    await expect(read(text)).rejects.toThrow(words);
  });
});
