import { ClientCertificates } from './client-certificates.js';
import { TestAuthority } from './testing/certificates.contract.js';

const NOW = Date.UTC(2026, 2, 1);
const HOUR_MS = 3_600_000;
const clock = { now: () => NOW };

let ours: TestAuthority;
let strangers: TestAuthority;
beforeAll(async () => {
  ours = await TestAuthority.make('Fleet CA', NOW);
  strangers = await TestAuthority.make('Fleet CA', NOW);
});

const open = (revocations?: string) =>
  ClientCertificates.open(ours.pem, revocations === undefined ? undefined : Buffer.from(revocations), clock);

describe('a client certificate', () => {
  it.each([
    ['CN=ci', { user: 'ci', groups: [] }],
    ['CN=ci, O=Org', { user: 'ci', groups: ['Org'] }],
    ['CN=ci, O=One, O=Two', { user: 'ci', groups: ['One', 'Two'] }],
    ['CN=ci, O=Org, OU=Build, OU=Test', { user: 'ci', groups: ['Build', 'Test'] }],
  ])('of %s is', async (subject, principal) => {
    const { parsed } = await ours.issue(subject);
    expect((await open()).principalOf(parsed)).toEqual({ ...principal, mode: 'certificate', isRoot: false });
  });

  it.each([
    ['that has expired', 'CN=ci', { notAfter: NOW - HOUR_MS }, 'not within its time'],
    ['that is not yet good', 'CN=ci', { notBefore: NOW + HOUR_MS }, 'not within its time'],
    ['without a common name', 'O=Org', {}, 'no common name'],
    ['of a server', 'CN=ci', { usage: 'server' as const }, 'not for clients'],
  ])('%s is refused', async (_, subject, wanted, why) => {
    const { parsed } = await ours.issue(subject, wanted);
    const certificates = await open();
    expect(() => certificates.principalOf(parsed)).toThrow(
      expect.objectContaining({ why: expect.stringContaining(why) }) as Error,
    );
  });

  it('of another authority with the same name is refused', async () => {
    const { parsed } = await strangers.issue('CN=ci');
    const certificates = await open();
    expect(() => certificates.principalOf(parsed)).toThrow('Authentication Required');
  });

  it('that was revoked is refused, others are not', async () => {
    const [good, revoked] = [await ours.issue('CN=good'), await ours.issue('CN=revoked')];
    const certificates = await open(await ours.revoke(revoked));
    expect(certificates.principalOf(good.parsed).user).toBe('good');
    expect(() => certificates.principalOf(revoked.parsed)).toThrow(
      expect.objectContaining({ why: 'the certificate was revoked' }) as Error,
    );
  });
});

describe('the files of client certificates', () => {
  it('must hold an authority, and lists of its own', async () => {
    await expect(ClientCertificates.open('nothing', undefined, clock)).rejects.toThrow('ANKA_CA_CERT');
    const foreign = Buffer.from(await strangers.revoke(await strangers.issue('CN=x')));
    await expect(ClientCertificates.open(ours.pem, foreign, clock)).rejects.toThrow('ANKA_CRL');
  });
});
