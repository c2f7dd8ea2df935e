import type { AccessEvent, RecordedEvent } from '#domain';
import { apiKeyId, permissionGroupId } from '#domain';
import type { ApiKeyRow, PermissionGroupRow } from '../views/index.js';

/** Folds one event about an API key into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldApiKey(
  row: ApiKeyRow | undefined,
  recorded: RecordedEvent,
  event: Exclude<AccessEvent, { grantee: unknown }>,
): ApiKeyRow | undefined {
  const { sequence, time } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'CreateApiKey') {
    const { store, keyId, publicKey, groups, expiresAt } = event;
    const made = { id: apiKeyId(store, keyId), sequence, madeSequence: sequence, createdAt: time };
    return { ...made, store, keyId, publicKey, groups, expiresAt };
  }
  if (row === undefined || event.type !== 'UpdateApiKey') return undefined;
  const { groups = row.groups, expiresAt = row.expiresAt } = event;
  return { ...row, groups, expiresAt, sequence };
}

/** The same for what a group or a user may do. */
export function foldPermissionGroup(
  row: PermissionGroupRow | undefined,
  recorded: RecordedEvent,
  event: Extract<AccessEvent, { grantee: unknown }>,
): PermissionGroupRow | undefined {
  const { sequence } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'DeletePermissionGroup') return undefined;
  const { store, grantee } = event;
  const before = row ?? {
    ...{ id: permissionGroupId(store, grantee), store, ...grantee },
    ...{ madeSequence: sequence, permissions: [], resources: [] },
  };
  const change =
    event.type === 'SetGroupPermissions' ? { permissions: event.permissions } : { resources: event.resources };
  return { ...before, ...change, sequence };
}
