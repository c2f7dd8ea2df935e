import { MAX_PERMISSION_GROUPS } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { type PermissionGroup, permissionGroupId } from './access.js';
import type {
  AccessCommand,
  DeletePermissionGroup,
  SetGroupPermissions,
  SetResourcePermissions,
} from './access-events.js';
import {
  inOrder,
  isSameList,
  refuseGrantee,
  refusePermissions,
  refuseResources,
  refuseStore,
  resourcesInOrder,
} from './access-rules.js';

/** Says what a group or a user may do. One that nobody knew is known from then on, even if it may do nothing. */
export function setGroupPermissions(turn: Turn, command: SetGroupPermissions): Refusal | undefined {
  if (turn.resumed) return undefined;
  const refusal = refuseGroup(turn, command) ?? refusePermissions(command.permissions);
  if (refusal !== undefined) return refusal;
  const { store, grantee } = command;
  const permissions = inOrder(command.permissions);
  const known = groupOf(turn, command)?.permissions;
  if (known === undefined || !isSameList(known, permissions))
    turn.emit({ type: 'SetGroupPermissions', store, grantee: plain(grantee), permissions });
  return undefined;
}

/** Says what a group or a user may do with single nodes and templates; what was said before counts no more. */
export function setResourcePermissions(turn: Turn, command: SetResourcePermissions): Refusal | undefined {
  if (turn.resumed) return undefined;
  const refusal = refuseGroup(turn, command) ?? refuseResources(command.resources);
  if (refusal !== undefined) return refusal;
  const { store, grantee } = command;
  const resources = resourcesInOrder(command.resources);
  if (!isSameList(groupOf(turn, command)?.resources ?? [], resources))
    turn.emit({ type: 'SetResourcePermissions', store, grantee: plain(grantee), resources });
  return undefined;
}

/** Takes everything from a group or a user. */
export function deletePermissionGroup(turn: Turn, command: DeletePermissionGroup): Refusal | undefined {
  if (turn.resumed) return undefined;
  const { store, grantee } = command;
  if (groupOf(turn, command) === undefined) return { code: 'PERMISSION_GROUP_UNKNOWN', name: grantee.name };
  turn.emit({ type: 'DeletePermissionGroup', store, grantee: plain(grantee) });
  return undefined;
}

type GroupCommand = Extract<AccessCommand, { grantee: unknown }>;

function refuseGroup(turn: Turn, command: GroupCommand): Refusal | undefined {
  const refusal = refuseStore(command.store) ?? refuseGrantee(command.grantee);
  if (refusal !== undefined || groupOf(turn, command) !== undefined) return refusal;
  return outOfRange('permission groups', turn.cluster.permissionGroups.size + 1, 0, MAX_PERMISSION_GROUPS);
}

const groupOf = ({ cluster }: Turn, { store, grantee }: GroupCommand): PermissionGroup | undefined =>
  cluster.permissionGroups.get(permissionGroupId(store, grantee));

/** Without what a client may have written beside it. */
const plain = ({ kind, name }: GroupCommand['grantee']): GroupCommand['grantee'] => ({ kind, name });
