import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { type ApiKey, apiKeyId } from './access.js';
import type { DeleteApiKey, UpdateApiKey } from './access-events.js';
import { inOrder, isSameList, refuseKeyFields } from './access-rules.js';

/** Changes groups or expiry of a key that works. */
export function updateApiKey(turn: Turn, command: UpdateApiKey): Refusal | undefined {
  if (turn.resumed) return undefined;
  const { store, keyId, groups, expiresAt } = command;
  const key = workingKey(turn, command);
  if (key === undefined) return { code: 'API_KEY_UNKNOWN', keyId };
  const refusal = refuseKeyFields(command, turn.time);
  if (refusal !== undefined) return refusal;
  const change = {
    ...(groups !== undefined && !isSameList(inOrder(groups), key.groups) && { groups: inOrder(groups) }),
    ...(expiresAt !== undefined && expiresAt !== key.expiresAt && { expiresAt }),
  };
  if (Object.keys(change).length > 0) turn.emit({ type: 'UpdateApiKey', store, keyId, ...change });
  return undefined;
}

/** Takes a key away. */
export function deleteApiKey(turn: Turn, command: DeleteApiKey): Refusal | undefined {
  if (turn.resumed) return undefined;
  const { store, keyId } = command;
  if (workingKey(turn, command) === undefined) return { code: 'API_KEY_UNKNOWN', keyId };
  turn.emit({ type: 'DeleteApiKey', store, keyId });
  return undefined;
}

/** A key that has expired is not there, even before it is taken away. */
function workingKey({ cluster, time }: Turn, { store, keyId }: UpdateApiKey | DeleteApiKey): ApiKey | undefined {
  const key = cluster.apiKeys.get(apiKeyId(store, keyId));
  return key !== undefined && key.expiresAt > time ? key : undefined;
}
