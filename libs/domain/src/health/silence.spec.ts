import { judgeSilence } from './silence.js';

describe('silence', () => {
  it.each([
    [0, 'fresh'],
    [59_999, 'fresh'],
    [60_000, 'late'],
    [119_999, 'late'],
    [120_000, 'silent'],
    [1e12, 'silent'],
    [-1, 'fresh'],
    [-1e12, 'fresh'],
  ] as const)('of %d ms under a limit of two minutes is %s', (quietMs, judged) => {
    expect(judgeSilence(1e12, 1e12 + quietMs, 120_000)).toBe(judged);
  });
});
