import fc from 'fast-check';
import { Heap } from './heap.js';
import { runs } from './testing/arbitraries.js';

describe('a heap', () => {
  const heapOf = (numbers: readonly number[]): Heap<number> => {
    const heap = new Heap<number>((a, b) => a < b);
    for (const number of numbers) heap.add(number);
    return heap;
  };

  it('gives back in order what came in any', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = heapOf(numbers);
        expect([...heap].sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b));
        const taken = numbers.map(() => {
          const { first } = heap;
          expect(heap.take()).toBe(first);
          return first;
        });
        expect(taken).toEqual([...numbers].sort((a, b) => a - b));
        expect([heap.first, heap.take(), heap.size]).toEqual([undefined, undefined, 0]);
      }),
      runs(200),
    );
  });

  it('keeps only what is wanted', () => {
    const heap = heapOf([5, 2, 8, 1, 4]);
    heap.keep((number) => number % 2 === 0);
    expect([heap.take(), heap.take(), heap.take(), heap.take()]).toEqual([2, 4, 8, undefined]);
  });
});
