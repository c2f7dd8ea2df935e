import type { Cluster } from '../cluster.js';
import type { GroupId } from '../ids.js';

/** A named part of the fleet. A node may be in several; which, is the controller's to say (anka.md §5). */
export interface Group {
  readonly id: GroupId;
  name: string;
  description: string;
  /** Where VMs of this group may go when it has no room. */
  fallbackGroupId?: GroupId;
}

export type Groups = Pick<Cluster, 'groups'>;

/** The group and its fallbacks, in the order in which they are tried. Ends where the chain ends, or before it would meet itself. */
export function groupChain({ groups }: Groups, groupId: string): GroupId[] {
  const chain = new Set<GroupId>();
  let next: GroupId | undefined = groupId as GroupId;
  while (next !== undefined && !chain.has(next)) {
    chain.add(next);
    next = groups.get(next)?.fallbackGroupId;
  }
  return [...chain];
}
