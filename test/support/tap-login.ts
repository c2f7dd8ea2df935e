import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';

/** What a caller sends with each request after it has logged in with an API key. */
export interface TapSession {
  readonly userName: string;
  readonly sessionId: string;
  /** Secret. */
  readonly token: string;
}

/** The key as POST apikey answers it, or as a client keeps it: PKCS#1 DER in base64. */
export const privateKeyFrom = (base64: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs1' });

/** The challenge in clear. */
export function decryptedChallenge(challenge: string, key: KeyObject): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(challenge, 'base64')).toString('utf8');
}

export const bearerOf = (session: TapSession): string =>
  `Bearer ${Buffer.from(JSON.stringify(session)).toString('base64')}`;

export const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
