import { readRetryAfter } from './retry-after.js';

const NOW = Date.UTC(2026, 0, 1);

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 2015 00:01:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After: %s means %s ms', (header, ms) => expect(readRetryAfter(header, NOW)).toBe(ms));
