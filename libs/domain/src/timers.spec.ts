import fc from 'fast-check';
import { runs } from './testing/arbitraries.js';
import { Timers } from './timers.js';

const alarm = fc.record({ dueAt: fc.nat(20), id: fc.constantFrom('a', 'b', 'c', 'd') });
const byTimeThenId = (a: { dueAt: number; id: string }, b: typeof a) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);

describe('timers', () => {
  it('are taken in the order of their time, by id among equals, in whatever order they were added', () => {
    fc.assert(
      fc.property(fc.array(alarm, { maxLength: 60 }), (alarms) => {
        const timers = new Timers<string>();
        alarms.forEach(({ dueAt, id }) => timers.add(dueAt, id));
        const taken = alarms.map(() => {
          const first = timers.first();
          expect(timers.take()).toBe(first);
          return first;
        });
        expect(taken).toEqual([...alarms].sort(byTimeThenId));
        expect(timers.first()).toBeUndefined();
        expect(timers.take()).toBeUndefined();
      }),
      runs(200),
    );
  });
});
