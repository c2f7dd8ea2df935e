import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  createPublicKey,
} from 'node:crypto';
import { makeKeyPair, readPublicKey } from './key-pair.system.js';

describe('a key pair', () => {
  it('is RSA of 2048 bits, whose halves belong together', async () => {
    const { publicKey, privateKey } = await makeKeyPair();
    expect(readPublicKey(publicKey)).toBe(publicKey);
    const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const open = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const secret = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs1' });
    expect(open.asymmetricKeyDetails?.modulusLength).toBe(2048);
    const sealed = publicEncrypt({ key: open, ...oaep }, Buffer.from('hello'));
    expect(privateDecrypt({ key: secret, ...oaep }, sealed).toString()).toBe('hello');
  });
});

describe('a public key from a client', () => {
  it('may be written in the alphabet for URLs', async () => {
    const { publicKey } = await makeKeyPair();
    const forUrls = publicKey.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    expect(readPublicKey(forUrls)).toBe(publicKey);
  });

  it('must be a public one, of RSA, and long enough', async () => {
    const der = { type: 'spki', format: 'der' } as const;
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export(der).toString('base64');
    const curve = generateKeyPairSync('ed25519').publicKey.export(der).toString('base64');
    const { privateKey } = await makeKeyPair();
    for (const text of ['', 'none', short, curve, privateKey]) expect(readPublicKey(text)).toBeUndefined();
  });
});
