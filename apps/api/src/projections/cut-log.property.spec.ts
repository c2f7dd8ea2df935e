import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { type RecordedEvent, Survey } from '#domain';
import type { LoggedEvent } from '#events';
import { rolls, runs } from '../../../../libs/domain/src/testing/arbitraries.js';
import { play } from '../../../../libs/domain/src/testing/index.js';
import { foldBatch } from './fold-batch.js';
import { KINDS } from './kinds.js';
import { RowCache } from './row-cache.js';

/** All rows that the events fold into, by kind and id. */
function rowsOf(events: readonly RecordedEvent[]): Readonly<Record<string, object>> {
  const logged = events.map((recorded): LoggedEvent => ({ sequence: recorded.sequence, recorded, raw: '' }));
  const changes = foldBatch(logged, new RowCache());
  const present = KINDS.flatMap((kind) =>
    [...changes[kind]].flatMap(([id, row]) => (row === undefined ? [] : [[`${kind} ${id}`, row] as const])),
  );
  return Object.fromEntries(present);
}

/** What of the beginning is still needed, and all of the rest. */
function cutBehind(events: readonly RecordedEvent[], wish: number): readonly RecordedEvent[] {
  let cut = wish % events.length;
  while (cut > 0 && events[cut - 1]?.cause.sequence === events[cut]?.cause.sequence) cut--;
  const survey = new Survey();
  for (const event of events.slice(0, cut)) survey.read(event);
  return [...events.slice(0, cut).filter((event) => survey.needs(event)), ...events.slice(cut)];
}

describe('views that are made anew from a log that was cut', () => {
  it('have the same rows as those that are made from all of it', () => {
    let [dropped, histories] = [0, 0];
    fc.assert(
      fc.property(rolls(120), fc.nat(), (steps, wish) => {
        const { events } = play(steps);
        const left = cutBehind(events, wish);
        dropped += events.length - left.length;
        histories += 1;
        deepStrictEqual(rowsOf(left), rowsOf(events));
      }),
      { ...runs(100), endOnFailure: true },
    );
    expect(dropped).toBeGreaterThan(2 * histories);
  });
});
