import type { GroupId } from '../ids.js';

/** Facts about groups. Which nodes are in them is told of each node, as `NodeGroupsChanged`. */
export type GroupEvent =
  | { type: 'CreateGroup'; groupId: GroupId; name: string; description: string; fallbackGroupId?: GroupId }
  /** `fallbackGroupId` null: it has none any more. */
  | { type: 'UpdateGroup'; groupId: GroupId; name?: string; description?: string; fallbackGroupId?: GroupId | null }
  | { type: 'DeleteGroup'; groupId: GroupId };

/** What operators ask of groups. */
export type GroupCommand =
  CreateGroupCommand | UpdateGroupCommand | { type: 'DeleteGroup'; groupId: string } | MembershipCommand;

export interface CreateGroupCommand {
  type: 'CreateGroup';
  groupId: string;
  name: string;
  description: string;
  fallbackGroupId?: string;
}

/** Absent fields stay as they are. */
export interface UpdateGroupCommand {
  type: 'UpdateGroup';
  groupId: string;
  name?: string;
  description?: string;
  /** Null clears it. */
  fallbackGroupId?: string | null;
}

/** Each of the nodes joins, or leaves, each of the groups. */
export type MembershipCommand = { groupIds: readonly string[]; nodeIds: readonly string[] } & (
  { type: 'AddNodesToGroups' } | { type: 'RemoveNodesFromGroups' }
);
