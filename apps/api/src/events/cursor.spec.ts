import { cursorOf, positionOf } from './cursor.js';

const QUERY = { actor: 'root', order: 'newest', type: ['VMStarted'] };

describe('a cursor', () => {
  it('holds a position of its query, however the fields of that are ordered', () => {
    const cursor = cursorOf(QUERY, 4711);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(positionOf({ type: ['VMStarted'], order: 'newest', actor: 'root', subject: undefined }, cursor)).toBe(4711);
  });

  it.each([
    { ...QUERY, order: 'oldest' },
    { ...QUERY, subject: 'a' },
    { actor: 'root', order: 'newest' },
  ])('says nothing to another query: %j', (other) => {
    expect(positionOf(other, cursorOf(QUERY, 4711))).toBeUndefined();
  });

  it.each([
    '',
    'x',
    '%%%',
    Buffer.from('1.abc.12').toString('base64url'),
    `${cursorOf(QUERY, 1)}AAAA`,
    '1'.repeat(9000),
  ])('is not read from %j', (text) => expect(positionOf(QUERY, text)).toBeUndefined());
});
