import type { Cluster } from '../cluster.js';
import { type Group, groupChain } from './group.js';
import type { GroupEvent } from './group-events.js';

/** Folds one fact about a group. Total: a fact about an unknown group changes nothing. */
export function evolveGroup(cluster: Cluster, event: GroupEvent): void {
  if (event.type === 'CreateGroup') {
    const { groupId: id, name, description, fallbackGroupId } = event;
    cluster.groups.set(id, { id, name, description, ...(fallbackGroupId && { fallbackGroupId }) });
    return;
  }
  const group = cluster.groups.get(event.groupId);
  if (group === undefined) return;
  if (event.type === 'DeleteGroup') {
    cluster.groups.delete(group.id);
    return;
  }
  if (event.name !== undefined) group.name = event.name;
  if (event.description !== undefined) group.description = event.description;
  if (event.fallbackGroupId === null) delete group.fallbackGroupId;
  if (event.fallbackGroupId) {
    group.fallbackGroupId = event.fallbackGroupId;
    openMembers(cluster, group);
  }
}

/** Nodes that the group's VMs may use now, some of them newly. */
function openMembers(cluster: Cluster, group: Group): void {
  const chain = groupChain(cluster, group.id);
  for (const node of cluster.nodes.values()) {
    if (chain.some((id) => node.groups.has(id))) cluster.attention.opened.add(node.id);
  }
}
