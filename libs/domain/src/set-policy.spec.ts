import { DEFAULT_POLICY } from './policy.js';
import { at, given, nothing, refused } from './testing/index.js';

const other = { ...DEFAULT_POLICY, terminatedVisibleMs: 1, nodeSilentMs: 2, startLimitMs: 3 };

describe('SetPolicy', () => {
  it('records a change, and only a change', () => {
    given()
      .when({ type: 'SetPolicy', policy: DEFAULT_POLICY })
      .then(nothing)
      .when({ type: 'SetPolicy', policy: other })
      .then({ type: 'PolicyChanged', policy: other })
      .when({ type: 'SetPolicy', policy: { ...other } })
      .then(nothing);
  });

  it('records the limits for lost nodes and for pulls when they are given', () => {
    const policy = { ...other, lostAfterMs: 0, pullLimitMs: 4 };
    given()
      .when({ type: 'SetPolicy', policy })
      .then({ type: 'PolicyChanged', policy })
      .when({ type: 'SetPolicy', policy: { ...policy, pullLimitMs: 5 } })
      .then({ type: 'PolicyChanged', policy: { ...policy, pullLimitMs: 5 } });
  });

  it('allows a terminated VM to vanish at once', () => {
    const policy = { ...other, terminatedVisibleMs: 0 };
    given().when({ type: 'SetPolicy', policy }).then({ type: 'PolicyChanged', policy });
  });

  it('takes the default for what is not said', () => {
    given(at(1, { type: 'SetPolicy', policy: other }))
      .when({ type: 'SetPolicy', policy: { profile: 'optimize-utilization' } })
      .then({ type: 'PolicyChanged', policy: { ...DEFAULT_POLICY, profile: 'optimize-utilization' } });
  });

  it('says no to a profile that is not one', () => {
    given()
      .when({ type: 'SetPolicy', policy: { profile: 'random' as never } })
      .then(
        refused({
          code: 'INVALID',
          field: 'profile',
          message: 'is "random": must be one of distribute-load, optimize-utilization',
        }),
      );
  });

  it.each([
    ['terminatedVisibleMs', -1, 0],
    ['nodeSilentMs', 0, 1],
    ['startLimitMs', 0, 1],
    ['startLimitMs', Number.NaN, 1],
    ['startLimitMs', 30 * 86_400_000 + 1, 1],
    ['lostAfterMs', -1, 0],
    ['pullLimitMs', 0, 1],
  ])('says no to %s of %d', (field, value, min) => {
    given()
      .when({ type: 'SetPolicy', policy: { ...other, [field]: value } })
      .then(refused({ code: 'OUT_OF_RANGE', field, value, min, max: 30 * 86_400_000 }));
  });
});
