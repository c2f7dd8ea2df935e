import { createHmac, hkdfSync, scryptSync, timingSafeEqual } from 'node:crypto';

/** Whoever holds a session may guess root tokens against it at leisure; a guess shall cost as much as this. */
const STRETCH = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
/** Fixed: all replicas must come to the same key, and there is one root token per installation. */
const SALT = 'muster tap 1';

/** Signs what clients bring back to us, so that we need not remember it. Each purpose has a key of its own. */
export class SigningKey {
  private constructor(private readonly key: Buffer) {}

  /** All of one installation's replicas sign alike. Takes about a tenth of a second. */
  static keysOf(rootToken: string): { readonly challenge: SigningKey; readonly session: SigningKey } {
    const stretched = scryptSync(rootToken, SALT, KEY_BYTES, STRETCH);
    const keyFor = (purpose: string) =>
      new SigningKey(Buffer.from(hkdfSync('sha256', stretched, SALT, purpose, KEY_BYTES)));
    return { challenge: keyFor('challenge'), session: keyFor('session') };
  }

  sign(...parts: readonly string[]): string {
    return this.digest(parts).toString('base64url');
  }

  verifies(signature: string, ...parts: readonly string[]): boolean {
    const given = Buffer.from(signature, 'base64url');
    const must = this.digest(parts);
    return given.length === must.length && timingSafeEqual(given, must);
  }

  /** As JSON, so that no two lists of parts are the same text. */
  private digest(parts: readonly string[]): Buffer {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest();
  }
}
