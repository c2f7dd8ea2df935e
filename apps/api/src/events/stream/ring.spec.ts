import fc from 'fast-check';
import type { LiveEvent } from './live-event.js';
import { Ring } from './ring.js';

const event = (sequence: number, bytes = 10) => ({ sequence, frame: Buffer.alloc(bytes) }) as LiveEvent;

/** All that the ring has after a sequence. */
function after(ring: Ring, sequence: number): number[] {
  const found: number[] = [];
  for (let place = ring.placeAfter(sequence); ; place++) {
    const next = ring.at(place);
    if (next === undefined) return found;
    found.push(next.sequence);
  }
}

describe('the ring of the newest events', () => {
  it('begins after the end of the log', () => {
    const ring = new Ring(40);
    expect([ring.base, ring.last, ring.reaches(40), ring.reaches(39)]).toEqual([40, 40, true, false]);
    ring.push(event(41));
    expect([ring.last, after(ring, 40), after(ring, 41)]).toEqual([41, [41], []]);
  });

  it('forgets the oldest by number and by bytes, but never the newest', () => {
    const ring = new Ring(0, { events: 3, bytes: 100 });
    for (const sequence of [1, 2, 3, 4]) ring.push(event(sequence));
    expect([ring.base, after(ring, 0)]).toEqual([1, [2, 3, 4]]);
    ring.push(event(5, 85));
    expect(after(ring, 0)).toEqual([4, 5]);
    ring.push(event(6, 5_000));
    expect([ring.base, after(ring, 0), ring.last]).toEqual([5, [6], 6]);
  });

  it('has everything after its base, within its bounds, whatever came', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 60 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (pushed) => {
        const ring = new Ring(7, { events: 5, bytes: 100 });
        const all: number[] = [];
        let last = 7;
        for (const [gap, bytes] of pushed) {
          last += gap;
          all.push(last);
          ring.push(event(last, bytes));
          for (const from of [ring.base, ring.base + 1, last])
            expect(after(ring, from)).toEqual(all.filter((sequence) => sequence > from));
          expect(after(ring, ring.base).length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});
