import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import type { RecordedEvent } from '../events.js';
import { rolls, runs } from '../testing/arbitraries.js';
import { canonicalJson, fold, type History, play } from '../testing/index.js';
import { Survey } from './survey.js';

/** What of the cluster the log still tells when it was cut. */
function lasting(events: Iterable<RecordedEvent>): unknown {
  const { outcomes: _, ...rest } = canonicalJson(fold(events)) as { outcomes: unknown };
  return rest;
}

/** The same without its place in the log: right after the cut the last event may be one that was not needed. */
function ofThings(events: Iterable<RecordedEvent>): unknown {
  const { sequence: _sequence, time: _time, cause: _cause, ...rest } = lasting(events) as Record<string, unknown>;
  return rest;
}

/** The last event before the cut: cuts come between commands. */
function cutAt({ events }: History, wish: number): number {
  let cut = wish % events.length;
  while (cut > 0 && events[cut - 1]?.cause.sequence === events[cut]?.cause.sequence) cut--;
  return cut;
}

function needed(beginning: readonly RecordedEvent[]): RecordedEvent[] {
  const survey = new Survey();
  for (const event of beginning) survey.read(event);
  return beginning.filter((event) => survey.needs(event));
}

describe('what is needed of the beginning of a log', () => {
  it('and the rest fold into the same cluster as all of it, and go on alike', () => {
    let [dropped, histories] = [0, 0];
    fc.assert(
      fc.property(rolls(120), fc.nat(), (steps, wish) => {
        const history = play(steps);
        const { events, chapters } = history;
        const cut = cutAt(history, wish);
        const remnant = needed(events.slice(0, cut));
        dropped += cut - remnant.length;
        histories += 1;
        deepStrictEqual(lasting([...remnant, ...events.slice(cut)]), lasting(events));
        deepStrictEqual(ofThings(remnant), ofThings(events.slice(0, cut)));
        // From the cut on, every command that is not a repetition of an old one is decided alike.
        const [short, whole] = [fold(remnant), fold(events.slice(0, cut))];
        short.sequence = cut;
        for (const { command, before } of chapters) {
          if (before < cut) continue;
          const { events: decided } = decide(whole, command);
          const isOld = chapters.some((one) => one.before < cut && one.command.cause.id === command.cause.id);
          if (isOld) decided.forEach((event) => evolve(short, event));
          else deepStrictEqual(decide(short, command).events, decided);
        }
      }),
      { ...runs(400), endOnFailure: true },
    );
    expect(dropped).toBeGreaterThan(2 * histories);
  });

  it('can be asked again of what was needed before, and of what came since', () => {
    fc.assert(
      fc.property(rolls(120), fc.nat(), fc.nat(), (steps, one, other) => {
        const history = play(steps);
        const { events } = history;
        const [first = 0, second = 0] = [cutAt(history, one), cutAt(history, other)].sort((a, b) => a - b);
        const remnant = needed([...needed(events.slice(0, first)), ...events.slice(first, second)]);
        deepStrictEqual(lasting([...remnant, ...events.slice(second)]), lasting(events));
      }),
      { ...runs(300), endOnFailure: true },
    );
  });
});
