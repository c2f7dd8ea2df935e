import { expect } from '@jest/globals';
import type { TestProvider } from '../../apps/api/src/auth/testing/oidc-provider.contract.js';
import { basicOf, bearerOf, decryptedChallenge, privateKeyFrom, type TapSession } from '../support/tap-login.js';

/** Asks, and keeps the answer. */
export type Tell = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<string>;

/** What Muster makes itself, and tells one caller once. */
export type Made = 'private key' | 'challenge in clear' | 'token of a session' | 'access token';

/** Where each may be, and nowhere else. */
export const TOLD: Readonly<Record<Made, readonly string[]>> = {
  'private key': ['answer to POST /api/v1/apikey'],
  'challenge in clear': [],
  'token of a session': ['answer to POST /tap/v1/shake'],
  'access token': [],
};

const NOBODY = { authorization: '' };

/** Each kind of caller comes in, the API key of this id among them. */
export async function logins(tell: Tell, provider: TestProvider, keyId: string, nodeToken: string) {
  const made = await tell('POST', '/api/v1/apikey', { id: keyId, ttl: 600, groups: ['ci'] });
  const privateKey = (JSON.parse(made) as { body: string }).body;
  const challenge = await tell('POST', '/tap/v1/hand', { id: keyId }, NOBODY);
  const secret = decryptedChallenge(challenge, privateKeyFrom(privateKey));
  const shaken = await tell('POST', '/tap/v1/shake', { id: keyId, secret }, NOBODY);
  const session = (JSON.parse(shaken) as { data: TapSession }).data;
  const token = await provider.token({ name: 'alice' });
  for (const authorization of [bearerOf(session), `Bearer ${token}`])
    expect(await tell('GET', '/api/v1/vm', undefined, { authorization })).toMatch(/^{"status":"OK"/);
  // A node agent is known, and may not do this.
  const node = { authorization: basicOf('node', nodeToken) };
  expect(await tell('GET', '/api/v1/apikey', undefined, node)).toMatch(/^{"status":"FAIL"/);
  for (const path of [`/api/v1/apikey?id=${keyId}`, '/api/v1/apikey', '/config/v1/auth'])
    expect(await tell('GET', path)).toMatch(/^{"status":"OK"/);
  // What was good once, or for another, is a secret still.
  for (const id of [keyId, `${keyId}-none`]) await tell('POST', '/tap/v1/shake', { id, secret }, NOBODY);
  return {
    // From the middle: all keys begin alike.
    'private key': privateKey.slice(400, 440),
    'challenge in clear': secret,
    'token of a session': session.token,
    'access token': token.split('.')[2] ?? '',
  } satisfies Record<Made, string>;
}

/** Fewer than those after which nobody is listened to. */
export async function wrongLogins(tell: Tell, keyId: string, wrong: Readonly<Record<string, string>>): Promise<void> {
  const { root = '', node = '', client = '', session = '', bearer = '', solution = '' } = wrong;
  const all = [
    basicOf('root', root),
    basicOf('node', node),
    basicOf('jenkins', client),
    bearerOf({ userName: keyId, sessionId: 'zzzzzzzzz.a.b', token: session }),
    `Bearer ${bearer}`,
    `Bearer e30.e30.${bearer}`,
    `Digest ${root}`,
  ];
  for (const authorization of all)
    expect(await tell('GET', '/api/v1/vm', undefined, { authorization })).toMatch(/^{"status":"FAIL"/);
  for (const secret of [solution, `a.b.${solution}`])
    expect(await tell('POST', '/tap/v1/shake', { id: keyId, secret }, NOBODY)).not.toContain('"data"');
}
