import { readMacRange } from './mac-range.js';

const range = (text?: string, more: Record<string, string> = {}) =>
  readMacRange({
    ANKA_MANAGE_MAC_ADDRESSES: 'true',
    ...(text !== undefined && { ANKA_MAC_ADDR_RANGE: text }),
    ...more,
  });

describe('The MAC addresses of an installation', () => {
  test('are its own business only when it says so', () => {
    expect(readMacRange({ ANKA_MAC_ADDR_RANGE: 'nonsense' })).toBeUndefined();
  });

  test('are a range, seen to every three hours', () => {
    expect(range('0A:00:00:00:00:01 - 0A:00:00:00:00:ff')).toEqual({
      ...{ from: '0A:00:00:00:00:01', to: '0A:00:00:00:00:ff', fillEveryMs: 3 * 3_600_000 },
    });
    expect(range('0a:00:00:00:00:01-0a:00:00:00:00:02', { ANKA_FILL_MAC_ADDRESS_RANGE_INTERVAL: '1m' })).toMatchObject({
      fillEveryMs: 60_000,
    });
  });

  test.each([
    [undefined, '"" must be two MAC addresses with - between'],
    ['0a:00:00:00:00:01', 'must be two MAC addresses'],
    ['0a:00:00:00:00:02-0a:00:00:00:00:01', 'must not be before'],
    ['0a:00:00:00:00:00-0a:00:01:00:00:00', 'must have at most 65536'],
  ])('cannot be %s', (text, message) => {
    expect(() => range(text)).toThrow(message);
  });
});
