import { Undecodable } from '../fault.js';
import { bookmarkText, readBookmark } from './bookmark-text.js';

describe('a bookmark as text', () => {
  it('comes back as it was', () => {
    const bookmark = { incarnation: 'a1', sequence: 7, done: [9, 12] };
    expect(readBookmark(bookmarkText(bookmark))).toEqual(bookmark);
  });

  it.each([
    '',
    'null',
    '{}',
    '{"incarnation":"a","sequence":-1,"done":[]}',
    '{"incarnation":"a","sequence":1,"done":["2"]}',
  ])('is not read from %p', (text) => expect(() => readBookmark(text)).toThrow(Undecodable));
});
