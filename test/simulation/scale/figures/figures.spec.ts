import { Counts, Steps } from './steps.js';
import { jain, quantiles, waitsOf } from './waits.js';

describe('a value that changes in steps', () => {
  it('has the mean of each part, weighted by time', () => {
    const steps = new Steps(1000, 10);
    steps.set(4, 1005);
    steps.set(8, 1010);
    expect(steps.close(3).means).toEqual([2, 8, 8]);
    expect(steps.peaks).toEqual([4, 8, 8]);
  });

  it('remembers the peak of a part that ended low', () => {
    const steps = new Steps(0, 10);
    steps.set(5, 3);
    steps.set(0, 4);
    expect(steps.close(2)).toMatchObject({ means: [0.5, 0], peaks: [5, 0] });
  });

  it('begins with what was true before the time began', () => {
    const steps = new Steps(100, 10);
    steps.set(3, 50);
    expect(steps.close(1).means).toEqual([3]);
  });
});

it('counts fall into their part of time, and none before its beginning', () => {
  const counts = new Counts(100, 10);
  for (const time of [99, 100, 109, 110]) counts.add(time);
  expect(counts.close(3)).toEqual([2, 1, 0]);
});

describe('waits', () => {
  it('are told by their quantiles', () => {
    const waits = waitsOf(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(waits).toEqual({ count: 100, meanMs: 50.5, p50Ms: 51, p90Ms: 91, p99Ms: 100, maxMs: 100 });
    expect(quantiles([3, 1, 2], 2)).toEqual([1, 2, 3]);
  });

  it('of nobody are nothing', () => expect(waitsOf([])).toMatchObject({ count: 0, p99Ms: 0, meanMs: 0 }));

  it('are fair when all have the same, and unfair when one has all', () => {
    expect(jain([5, 5, 5])).toBeCloseTo(1);
    expect(jain([9, 0, 0])).toBeCloseTo(1 / 3);
    expect(jain([])).toBe(1);
  });
});
