import { MAX_API_KEYS, MAX_PUBLIC_KEY_LENGTH } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { apiKeyId } from './access.js';
import type { CreateApiKey } from './access-events.js';
import { inOrder, refuseKeyFields, refuseName, refuseStore } from './access-rules.js';

/** The user of the root token; whoever had a key of that name would look like it in the log. */
const RESERVED = 'root';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Makes a key. One of that name which has expired makes room for it. */
export function createApiKey(turn: Turn, command: CreateApiKey): Refusal | undefined {
  const { store, keyId, publicKey, groups, expiresAt } = command;
  const refusal = turn.resumed ? undefined : refuse(turn, command);
  if (refusal !== undefined) return refusal;
  const former = turn.cluster.apiKeys.get(apiKeyId(store, keyId));
  if (former !== undefined && former.expiresAt > turn.time) return undefined;
  if (former !== undefined) turn.emit({ type: 'ApiKeyExpired', store, keyId });
  turn.emit({ type: 'CreateApiKey', store, keyId, publicKey, groups: inOrder(groups), expiresAt });
  return undefined;
}

function refuse({ cluster, time }: Turn, command: CreateApiKey): Refusal | undefined {
  const { store, keyId, publicKey } = command;
  const refusal = refuseStore(store) ?? refuseName('keyId', keyId) ?? refuseKeyFields(command, time);
  if (refusal !== undefined) return refusal;
  if (keyId === RESERVED) return { code: 'INVALID', field: 'keyId', message: 'is the name of the superuser' };
  if (!BASE64.test(publicKey) || publicKey.length > MAX_PUBLIC_KEY_LENGTH) {
    const message = `must be PKIX DER in base64, of at most ${MAX_PUBLIC_KEY_LENGTH} characters`;
    return { code: 'INVALID', field: 'publicKey', message };
  }
  const former = cluster.apiKeys.get(apiKeyId(store, keyId));
  if (former === undefined) return outOfRange('API keys', cluster.apiKeys.size + 1, 0, MAX_API_KEYS);
  return former.expiresAt > time ? { code: 'API_KEY_EXISTS', keyId } : undefined;
}
