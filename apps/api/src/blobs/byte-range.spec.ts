import { wantedBytes } from './byte-range.js';

describe('the bytes that a Range header asks for', () => {
  test.each([
    [undefined, 100, { kind: 'all' }],
    ['bytes=0-9', 100, { kind: 'part', start: 0, end: 9 }],
    ['bytes=90-', 100, { kind: 'part', start: 90, end: 99 }],
    ['bytes=90-500', 100, { kind: 'part', start: 90, end: 99 }],
    ['bytes=-10', 100, { kind: 'part', start: 90, end: 99 }],
    ['bytes=-500', 100, { kind: 'part', start: 0, end: 99 }],
    ['bytes=-0', 100, { kind: 'none' }],
    ['bytes=100-', 100, { kind: 'none' }],
    ['bytes=0-', 0, { kind: 'none' }],
    ['bytes=9-5', 100, { kind: 'all' }],
    ['bytes=0-1,4-5', 100, { kind: 'all' }],
    ['bytes=-', 100, { kind: 'all' }],
    ['lines=0-1', 100, { kind: 'all' }],
  ])('%s of %i bytes', (header, sizeBytes, wanted) => {
    expect(wantedBytes(header, sizeBytes)).toEqual(wanted);
  });
});
