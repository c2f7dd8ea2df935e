import { constants, createHash, createPublicKey, publicEncrypt } from 'node:crypto';
import type { Clock, SingleUse } from '#events';
import type { AccessView, ApiKeyRow } from '../../views/index.js';
import type { Session } from '../credentials.js';
import { Unauthenticated } from '../failures.js';
import type { Principal } from '../principal.js';
import type { SigningKey } from './signing-key.js';

/** How long the owner of a key may take to answer the challenge (anka.md §1.5); less than a used one is remembered. */
export const CHALLENGE_LIFE_MS = 180_000;
const MAX_KEY_ID_LENGTH = 256;

export interface HandshakeParts {
  readonly access: Pick<AccessView, 'apiKey'>;
  readonly singleUse: Pick<SingleUse, 'use'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly keys: { readonly challenge: SigningKey; readonly session: SigningKey };
  /** Printable, unguessable, of 22 characters. */
  readonly newNonce: () => string;
  readonly sessionTtlMs: number;
}

/**
 * How the owner of an API key logs in: it decrypts a challenge and gets a session. Challenge and session carry their own proof, so any
 * replica can take what another gave (ADR 0019); each is bound to this very key, so a new key of the same id does not revive them.
 */
export class Handshake {
  constructor(private readonly parts: HandshakeParts) {}

  /** The challenge, encrypted for the key, as standard base64. Throws `Unauthenticated` when there is no such key. */
  async hand(keyId: string): Promise<string> {
    const key = await this.keyOf(keyId);
    const { keys, clock, newNonce } = this.parts;
    const until = (clock.now() + CHALLENGE_LIFE_MS).toString(36);
    const nonce = newNonce();
    const secret = `${until}.${nonce}.${keys.challenge.sign(keyId, bindingOf(key), until, nonce)}`;
    return encrypted(secret, key.publicKey);
  }

  /** The session. Throws `Unauthenticated` for a secret that is not ours, too old, used before, or for a key that is gone. */
  async shake(keyId: string, secret: string): Promise<Session> {
    const [until = '', nonce = '', signature = ''] = secret.split('.');
    const { keys, clock, singleUse, newNonce, sessionTtlMs } = this.parts;
    const key = await this.keyOf(keyId);
    if (!keys.challenge.verifies(signature, keyId, bindingOf(key), until, nonce))
      throw new Unauthenticated('that is not the secret of a challenge of ours');
    if (!(Number.parseInt(until, 36) > clock.now())) throw new Unauthenticated('the challenge has expired');
    if (!(await singleUse.use(nonce))) throw new Unauthenticated('the challenge was used before');
    const sessionId = `${(clock.now() + sessionTtlMs).toString(36)}.${bindingOf(key)}.${newNonce()}`;
    return { userName: keyId, sessionId, token: keys.session.sign(keyId, sessionId) };
  }

  /** Whose session it is. The key is looked at each time, so that its end is the end of its sessions, too. */
  async principalOf({ userName, sessionId, token }: Session): Promise<Principal> {
    const { keys, clock } = this.parts;
    if (!keys.session.verifies(token, userName, sessionId)) throw new Unauthenticated('the session is not of ours');
    const [until = '', binding = ''] = sessionId.split('.');
    if (!(Number.parseInt(until, 36) > clock.now())) throw new Unauthenticated('the session has expired');
    const key = await this.keyOf(userName);
    if (bindingOf(key) !== binding) throw new Unauthenticated('the key of the session is gone');
    return { user: key.keyId, groups: key.groups, mode: 'key', isRoot: false };
  }

  private async keyOf(keyId: string): Promise<ApiKeyRow> {
    const key = keyId.length > MAX_KEY_ID_LENGTH ? undefined : await this.parts.access.apiKey(keyId);
    if (key === undefined || !(key.expiresAt > this.parts.clock.now()))
      throw new Unauthenticated('there is no such key');
    return key;
  }
}

/** Changes whenever the key is another one, and not when its groups or its life do. */
const bindingOf = ({ publicKey, createdAt }: ApiKeyRow): string =>
  createHash('sha256').update(`${createdAt}\n${publicKey}`).digest('base64url').slice(0, 22);

function encrypted(secret: string, publicKey: string): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(secret)).toString('base64');
}
