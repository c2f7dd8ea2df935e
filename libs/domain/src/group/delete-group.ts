import type { GroupId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { GroupCommand } from './group-events.js';

/**
 * Takes a group away: it is nobody's fallback any more and no node is in it. VMs that wait for it fail; those that have a node keep
 * it.
 */
export function deleteGroup(turn: Turn, command: Extract<GroupCommand, { type: 'DeleteGroup' }>): Refusal | undefined {
  const { cluster } = turn;
  const groupId = command.groupId as GroupId;
  if (!turn.resumed) {
    if (!cluster.groups.has(groupId)) return { code: 'GROUP_UNKNOWN', groupId };
    turn.emit({ type: 'DeleteGroup', groupId });
  }
  for (const group of cluster.groups.values()) {
    if (group.fallbackGroupId === groupId) turn.emit({ type: 'UpdateGroup', groupId: group.id, fallbackGroupId: null });
  }
  for (const node of cluster.nodes.values()) {
    if (!node.groups.has(groupId)) continue;
    const groups = [...node.groups].filter((id) => id !== groupId).sort();
    turn.emit({ type: 'NodeGroupsChanged', nodeId: node.id, groups });
  }
  for (const vmId of [...cluster.pending]) {
    if (cluster.vms.get(vmId)?.request.groupId !== groupId) continue;
    turn.emit({ type: 'VMFailedToStart', vmId, message: 'group was deleted' });
  }
  return undefined;
}
