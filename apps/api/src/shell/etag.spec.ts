import { etagOf, isNoneOf } from './etag.js';

describe('an entity tag', () => {
  it.each(['"7"', 'W/"7"', '"1", "7"', ' W/"3" ,"7" ', '*'])('is named by %s', (header) => {
    expect(isNoneOf(header, etagOf(7))).toBe(false);
  });

  it.each([undefined, '', '7', '"70"', '"1","8"'])('is not named by %s', (header) => {
    expect(isNoneOf(header, etagOf(7))).toBe(true);
  });
});
