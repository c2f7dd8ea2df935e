import { describe, expect, it } from '@jest/globals';
import { bindAddress } from './bind-address.driver.js';

describe('forwarded ports are opened', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['192.0.2.7', '192.0.2.7'],
    ['203.0.113.9', '0.0.0.0'],
    ['mac-01.example', '0.0.0.0'],
  ])('for clients that come to %s on %s', (host, address) => {
    expect(bindAddress(host, ['127.0.0.1', '192.0.2.7', 'fe80::1'])).toBe(address);
  });
});
