import { parseAge, parseDuration } from './duration.js';

describe('parseDuration()', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['500ms', 500],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['2h45m', 9_900_000],
    ['1us', 1],
    ['0.1s', 100],
    ['1.1s', 1_100],
    ['2147483647ms', 2_147_483_647],
  ])('reads %s as %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '10', 's', '-1s', '1 s', '1d', '1s2', '1e3s', 'soon', '2147483648ms', '597h'])('refuses "%s"', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('parseAge()', () => {
  it.each([
    ['10s', 10_000],
    ['1h', 3_600_000],
    ['90d', 7_776_000_000],
    ['1d12h', 129_600_000],
  ])('reads %s as %d ms', (text, ms) => expect(parseAge(text)).toBe(ms));

  it.each(['', '0', '9s', '90', 'd', '1h1d', '-1d', '1.5d', '1d 1h'])('refuses "%s"', (text) =>
    expect(parseAge(text)).toBeUndefined(),
  );
});
