import type { GroupId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Group } from './group.js';
import type { UpdateGroupCommand } from './group-events.js';
import { refuseFallback, refuseWords } from './group-rules.js';

/** Changes a group, each field by itself. VMs that wait for it may go to a new fallback in the same turn. */
export function updateGroup(turn: Turn, command: UpdateGroupCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const group = turn.cluster.groups.get(command.groupId as GroupId);
  if (group === undefined) return { code: 'GROUP_UNKNOWN', groupId: command.groupId };
  const refusal = refuseWords(command) ?? refuseFallback(turn.cluster, group.id, command.fallbackGroupId);
  if (refusal !== undefined) return refusal;
  const change = changeOf(group, command);
  if (Object.keys(change).length > 0) turn.emit({ type: 'UpdateGroup', groupId: group.id, ...change });
  return undefined;
}

function changeOf(group: Group, { name, description, fallbackGroupId }: UpdateGroupCommand) {
  const fallback = fallbackGroupId as GroupId | null | undefined;
  return {
    ...(name !== undefined && name !== group.name && { name }),
    ...(description !== undefined && description !== group.description && { description }),
    ...(fallback !== undefined && fallback !== (group.fallbackGroupId ?? null) && { fallbackGroupId: fallback }),
  };
}
