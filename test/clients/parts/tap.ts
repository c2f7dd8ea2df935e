import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { isObject, parsed, Refused, Rejected } from './rejected.js';
import type { Wire } from './wire.js';

/** A user API key as its owner has it. */
export interface UserKey {
  readonly id: string;
  /** PKCS#1, DER. Secret. */
  readonly privateKey: Buffer;
}

const STANDARD_BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The two calls by which clients turn their key into a bearer token (anka.md §1.5). Each writes the data of the session back in its own
 * way: Go with sorted keys, Java and others as they came.
 */
export async function bearerFor(wire: Wire, { id, privateKey }: UserKey, language: 'go' | 'java'): Promise<string> {
  const secret = decrypted(await post(wire, '/tap/v1/hand', { id }, language), privateKey);
  const session = parsed(await post(wire, '/tap/v1/shake', { id, secret }, language));
  const data = isObject(session) ? session.data : undefined;
  if (!isObject(data)) throw new Rejected('shake', `there is no data: ${JSON.stringify(session)}`);
  for (const key of ['userName', 'token', 'sessionId']) {
    if (typeof data[key] !== 'string') throw new Rejected(`shake.data.${key}`, 'is not a string');
  }
  const written =
    language === 'go' ? Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))) : data;
  return Buffer.from(JSON.stringify(written)).toString('base64');
}

function decrypted(text: string, der: Buffer): string {
  if (!STANDARD_BASE64.test(text) || text.length % 4 !== 0) {
    throw new Rejected('hand', `is not bare base64 of the standard alphabet: ${text.slice(0, 60)}`);
  }
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs1' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(text, 'base64')).toString('utf8');
}

async function post(wire: Wire, path: string, body: object, language: 'go' | 'java'): Promise<string> {
  const agent = language === 'go' ? 'Go-http-client/1.1' : 'Apache-HttpClient/4.5.14 (Java/17.0.11)';
  const headers = { 'User-Agent': agent, 'Content-Type': 'application/json' };
  const { code, text } = await wire.send({ method: 'POST', path, headers, body: JSON.stringify(body) });
  if (code !== 200 && language === 'java') throw new Refused(code, `Failed to send request: ${text}`);
  return text;
}
