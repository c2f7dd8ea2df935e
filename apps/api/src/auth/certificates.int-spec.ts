import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiUnderTest } from '../../../../test/support/api-under-test.js';
import type { RunningApi } from '../start-api.main.js';
import { type Identity, TestAuthority } from './testing/certificates.contract.js';

const HOUR_MS = 3_600_000;
const ON = { ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: 'ten letters' };
const dir = mkdtempSync(join(tmpdir(), 'muster-certificates-'));

let world: ApiUnderTest;
let ours: TestAuthority;
let good: Identity;
let bad: Record<'expired' | 'revoked' | 'foreign', Identity>;
beforeAll(async () => {
  const now = Date.now();
  ours = await TestAuthority.make('Fleet CA', now);
  good = await ours.issue('CN=ci, OU=builders');
  bad = {
    expired: await ours.issue('CN=ci', { notAfter: now - HOUR_MS }),
    revoked: await ours.issue('CN=ci'),
    foreign: await (await TestAuthority.make('Fleet CA', now)).issue('CN=ci'),
  };
  const server = await ours.issue('CN=localhost', { usage: 'server' });
  const files = {
    'ca.pem': ours.pem,
    'crl.pem': await ours.revoke(bad.revoked),
    'cert.pem': server.certificate,
    'key.pem': server.key,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  world = await ApiUnderTest.start();
}, 90_000);
afterAll(async () => {
  await world.stop();
  rmSync(dir, { recursive: true });
}, 30_000);

const file = (name: string) => join(dir, name);
const TRUST = () => ({ ANKA_CA_CERT: file('ca.pem'), ANKA_CRL: file('crl.pem') });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly protocol?: string | null;
}

function get(url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? request : plainRequest;
    const asked = ask(
      url,
      { agent: false, ...(url.startsWith('https:') && { ca: ours.pem }), ...options },
      (response) => {
        const protocol = (response.socket as { getProtocol?: () => string | null }).getProtocol?.();
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, ...(protocol !== undefined && { protocol }) }),
        );
      },
    );
    asked.on('error', reject).end();
  });
}

describe('over TLS', () => {
  let api: RunningApi;
  beforeAll(async () => {
    const tls = { ANKA_USE_HTTPS: 'true', ANKA_SERVER_CERT: file('cert.pem'), ANKA_SERVER_KEY: file('key.pem') };
    api = await world.startApi({
      ...ON,
      ...tls,
      ...TRUST(),
      ANKA_MIN_TLS_VERSION: 'tls_1.3',
      ANKA_CIPHER_SUITES: 'tls_aes_128_gcm_sha256',
    });
  }, 30_000);
  afterAll(() => api.stop(), 30_000);

  const status = (identity?: Identity, options: RequestOptions = {}) =>
    get(`${api.url}/api/v1/status`, { ...(identity && { cert: identity.certificate, key: identity.key }), ...options });

  test('a good certificate lets in', async () => {
    const { status: code, text } = await status(good);
    expect([code, (JSON.parse(text) as { status: string }).status]).toEqual([200, 'OK']);
  });

  test.each(['expired', 'revoked', 'foreign'] as const)('one that is %s does not', async (kind) => {
    expect(await status(bad[kind])).toMatchObject({
      status: 401,
      text: '{"status":"FAIL","message":"Authentication Required"}\n',
    });
  });

  test('nor does none, unless there is a password', async () => {
    expect((await status()).status).toBe(401);
    const authorization = `Basic ${Buffer.from(':ten letters').toString('base64')}`;
    expect((await status(undefined, { headers: { authorization } })).status).toBe(200);
    expect(
      (await status(good, { headers: { authorization: `Basic ${Buffer.from(':wrong letters').toString('base64')}` } }))
        .status,
    ).toBe(401);
  });

  test('headers about a client are not believed', async () => {
    const headers = { 'ssl-client-verify': 'SUCCESS', 'ssl-client-cert': encodeURIComponent(good.certificate) };
    expect((await status(undefined, { headers })).status).toBe(401);
  });

  test('the versions and suites are those of the settings', async () => {
    expect((await status(good)).protocol).toBe('TLSv1.3');
    await expect(status(good, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });
});

describe('behind ingress-nginx', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await world.startApi({ ...ON, ...TRUST(), ANKA_ENABLE_INGRESS_NGINX: 'true' });
  }, 30_000);
  afterAll(() => api.stop(), 30_000);

  const status = (headers: Record<string, string>) => get(`${api.url}/api/v1/status`, { headers });
  const told = (identity: Identity, verify = 'SUCCESS') => ({
    'ssl-client-verify': verify,
    'ssl-client-cert': encodeURIComponent(identity.certificate),
  });

  test('a certificate that the proxy has verified lets in, if it is good for us, too', async () => {
    expect((await status(told(good))).status).toBe(200);
    for (const identity of Object.values(bad)) expect((await status(told(identity))).status).toBe(401);
  });

  test('one that it has not verified does not, nor does nonsense', async () => {
    expect((await status(told(good, 'FAILED:expired'))).status).toBe(401);
    expect((await status({ 'ssl-client-cert': encodeURIComponent(good.certificate) })).status).toBe(401);
    expect((await status({ 'ssl-client-verify': 'SUCCESS', 'ssl-client-cert': '%zz' })).status).toBe(401);
    expect((await status({ 'ssl-client-verify': 'SUCCESS' })).status).toBe(401);
  });
});

describe('without a setting that says so', () => {
  test('headers about a client certificate are nothing', async () => {
    const api = await world.startApi({ ...ON, ...TRUST() });
    const headers = { 'ssl-client-verify': 'SUCCESS', 'ssl-client-cert': encodeURIComponent(good.certificate) };
    expect((await get(`${api.url}/api/v1/status`, { headers })).status).toBe(401);
    await api.stop();
  });
});
