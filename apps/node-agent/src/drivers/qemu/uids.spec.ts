import { freeUid } from './uids.js';

describe('user ids of VMs', () => {
  const range = { uidBase: 100, uidCount: 3 };

  it('are the lowest free ones', () => expect(freeUid(range, new Set([100, 102]))).toBe(101));
  it('run out', () => expect(() => freeUid(range, new Set([100, 101, 102]))).toThrow('All 3 user ids'));
});
