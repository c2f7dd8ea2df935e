import type { Cluster } from '../cluster.js';
import { type AccessStore, type ApiKey, apiKeyId, type PermissionGroup, permissionGroupId } from './access.js';
import type { AccessEvent, SetGroupPermissions, SetResourcePermissions } from './access-events.js';

/** Folds one fact about keys or permissions. Total: a fact about something unknown changes nothing. */
export function evolveAccess(cluster: Cluster, event: AccessEvent): void {
  switch (event.type) {
    case 'CreateApiKey': {
      const { store, keyId, groups, expiresAt } = event;
      const key = { store, keyId, groups, expiresAt, dueAt: NaN };
      cluster.apiKeys.set(apiKeyId(store, keyId), key);
      return setExpiry(cluster, key, expiresAt);
    }
    case 'UpdateApiKey': {
      const key = cluster.apiKeys.get(apiKeyId(event.store, event.keyId));
      if (key === undefined) return;
      if (event.groups !== undefined) key.groups = event.groups;
      if (event.expiresAt !== undefined) setExpiry(cluster, key, event.expiresAt);
      return;
    }
    case 'DeleteApiKey':
    case 'ApiKeyExpired':
      return void cluster.apiKeys.delete(apiKeyId(event.store, event.keyId));
    case 'DeletePermissionGroup':
      return void cluster.permissionGroups.delete(permissionGroupId(event.store, event.grantee));
    default:
      return setPermissions(cluster, event);
  }
}

/** Expired keys are taken away together, when the interval comes round; an interval of 0 is the very moment. */
function setExpiry(cluster: Cluster, key: ApiKey, expiresAt: number): void {
  const { apiKeyCleaningMs } = cluster.policy;
  key.expiresAt = expiresAt;
  key.dueAt = apiKeyCleaningMs === 0 ? expiresAt : Math.ceil(expiresAt / apiKeyCleaningMs) * apiKeyCleaningMs;
  cluster.timers.apiKeys.add(key.dueAt, apiKeyId(key.store, key.keyId));
}

function setPermissions(cluster: Cluster, event: SetGroupPermissions | SetResourcePermissions): void {
  const id = permissionGroupId(event.store, event.grantee);
  const group = cluster.permissionGroups.get(id) ?? empty(event.store, event);
  if (event.type === 'SetGroupPermissions') group.permissions = event.permissions;
  else group.resources = event.resources;
  cluster.permissionGroups.set(id, group);
}

const empty = (store: AccessStore, { grantee }: Pick<PermissionGroup, 'grantee'>): PermissionGroup => ({
  store,
  grantee,
  permissions: [],
  resources: [],
});
