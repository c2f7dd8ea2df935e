import { groupId, isId } from '../ids.js';
import { MAX_GROUPS } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Group } from './group.js';
import type { CreateGroupCommand } from './group-events.js';
import { refuseFallback, refuseWords } from './group-rules.js';

/** Makes a group, without members. */
export function createGroup(turn: Turn, command: CreateGroupCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const { groupId: id, name, description, fallbackGroupId } = command;
  const refusal = refuse(turn, command);
  if (refusal !== undefined) return refusal;
  turn.emit({
    type: 'CreateGroup',
    groupId: groupId(id),
    name,
    description,
    ...(fallbackGroupId !== undefined && { fallbackGroupId: groupId(fallbackGroupId) }),
  });
  return undefined;
}

function refuse({ cluster }: Turn, command: CreateGroupCommand): Refusal | undefined {
  const { groupId: id, fallbackGroupId } = command;
  if (!isId(id)) return { code: 'INVALID', field: 'groupId', message: 'is not a valid id' };
  if (cluster.groups.has(id as Group['id'])) return { code: 'GROUP_EXISTS', groupId: id };
  return (
    outOfRange('groups', cluster.groups.size + 1, 0, MAX_GROUPS) ??
    refuseWords(command) ??
    refuseFallback(cluster, id, fallbackGroupId)
  );
}
