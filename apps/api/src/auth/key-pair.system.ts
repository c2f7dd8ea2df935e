import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** Modulus of the keys that we make, bits (anka.md §1.5), and of those that we take. */
const MADE_BITS = 2048;
const TAKEN_BITS = { least: 2048, most: 8192 };

export interface KeyPair {
  /** PKIX DER in base64. */
  readonly publicKey: string;
  /** PKCS#1 DER in base64. */
  readonly privateKey: string;
}

const generate = promisify(generateKeyPair);

/** A fresh RSA key. It is made in a thread of its own: that takes a tenth of a second, in which others are answered. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: MADE_BITS,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs1', format: 'der' },
  });
  return { publicKey: publicKey.toString('base64'), privateKey: privateKey.toString('base64') };
}

/** The RSA public key that a client sent, in standard base64; undefined when it is none, or too short or too long to use. */
export function readPublicKey(base64: string): string | undefined {
  const key = parsed(base64);
  const bits = key?.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  if (bits < TAKEN_BITS.least || bits > TAKEN_BITS.most) return undefined;
  return key?.export({ type: 'spki', format: 'der' }).toString('base64');
}

function parsed(base64: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
