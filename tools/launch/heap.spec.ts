import { heapArguments } from './heap.js';

describe('the heap of an app', () => {
  it('is half of the memory for the scheduler', () => {
    expect(heapArguments('scheduler', 24 * 2 ** 30)).toContain('--max-old-space-size=12288');
  });

  it('is left to Node for the others', () => {
    expect(heapArguments('api', 24 * 2 ** 30)).toEqual([]);
  });
});
