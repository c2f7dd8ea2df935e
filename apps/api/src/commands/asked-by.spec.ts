import { MAX_CLIENT_ADDRESS_LENGTH } from '#events';
import { ANONYMOUS } from '../auth/principal.js';
import { askedBy } from './asked-by.js';

const request = { principal: ANONYMOUS, address: '192.0.2.7', correlationId: 'r-1' };

describe('who asks by a request', () => {
  test('is its principal, with the way in which it proved itself and the address it came from', () => {
    const principal = { user: 'ci', groups: ['builders'], mode: 'key', isRoot: false } as const;
    expect(askedBy({ ...request, principal, traceparent: 'trace' })).toEqual({
      actor: 'ci',
      auth: 'key',
      address: '192.0.2.7',
      correlationId: 'r-1',
      traceparent: 'trace',
    });
    expect(askedBy(request)).toMatchObject({ actor: 'anonymous', auth: 'none' });
  });

  test.each(['', 'two words', 'line\nbreak', 'x'.repeat(MAX_CLIENT_ADDRESS_LENGTH + 1)])(
    'has no address when a proxy told %j',
    (address) => {
      expect(askedBy({ ...request, address })).not.toHaveProperty('address');
    },
  );
});
