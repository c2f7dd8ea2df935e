import { heapArguments } from './heap.js';

describe('the heap of an app', () => {
  it('is half of the memory for the scheduler', () => {
    expect(heapArguments('scheduler', 24 * 2 ** 30)).toContain('--max-old-space-size=12288');
  });

  it('is larger for what is young in the API, and left to Node in node agents', () => {
    expect(heapArguments('api', 24 * 2 ** 30)).toEqual(['--max-semi-space-size=32']);
    expect(heapArguments('node-agent', 24 * 2 ** 30)).toEqual([]);
  });
});
