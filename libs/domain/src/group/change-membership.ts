import type { GroupId } from '../ids.js';
import { MAX_GROUPS, MAX_GROUPS_PER_NODE, MAX_NODES_PER_COMMAND } from '../limits.js';
import type { Node } from '../node/node.js';
import { refuseUnknownNodes } from '../node/node-rules.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { MembershipCommand } from './group-events.js';
import { refuseUnknownGroup } from './group-rules.js';

/** Every one of the nodes joins, or leaves, every one of the groups; or none does. What is so already is no change. */
export function changeMembership(turn: Turn, command: MembershipCommand): Refusal | undefined {
  const refusal = turn.resumed ? undefined : refuse(turn, command);
  if (refusal !== undefined) return refusal;
  for (const id of new Set(command.nodeIds)) {
    const node = turn.cluster.nodes.get(id as Node['id']);
    if (node === undefined) continue;
    const groups = groupsAfter(node, command);
    if (groups.size === node.groups.size) continue;
    turn.emit({ type: 'NodeGroupsChanged', nodeId: node.id, groups: [...groups].sort() });
  }
  return undefined;
}

function refuse(turn: Turn, command: MembershipCommand): Refusal | undefined {
  const { groupIds, nodeIds } = command;
  const refusal =
    outOfRange('group_ids', groupIds.length, 1, MAX_GROUPS) ??
    outOfRange('node_ids', nodeIds.length, 1, MAX_NODES_PER_COMMAND);
  if (refusal !== undefined) return refusal;
  for (const id of groupIds) {
    const unknown = refuseUnknownGroup(turn.cluster, id);
    if (unknown !== undefined) return unknown;
  }
  return refuseUnknownNodes(turn.cluster, nodeIds) ?? refuseTooMany(turn, command);
}

function refuseTooMany({ cluster }: Turn, command: MembershipCommand): Refusal | undefined {
  if (command.type === 'RemoveNodesFromGroups') return undefined;
  for (const id of command.nodeIds) {
    const node = cluster.nodes.get(id as Node['id']);
    const count = node === undefined ? 0 : groupsAfter(node, command).size;
    const refusal = outOfRange(`groups of node ${id}`, count, 0, MAX_GROUPS_PER_NODE);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function groupsAfter(node: Node, { type, groupIds }: MembershipCommand): Set<GroupId> {
  const groups = new Set(node.groups);
  for (const id of groupIds as readonly GroupId[]) {
    if (type === 'AddNodesToGroups') groups.add(id);
    else groups.delete(id);
  }
  return groups;
}
