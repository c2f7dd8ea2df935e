import type { Cluster } from '../cluster.js';
import type { GroupId } from '../ids.js';
import { MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from '../limits.js';
import type { Refusal } from '../refusal.js';
import { tooLong } from '../vm/request-rules.js';
import { groupChain } from './group.js';

/** Checks the words that are there. */
export function refuseWords({ name, description }: { name?: string; description?: string }): Refusal | undefined {
  if (name === '') return { code: 'INVALID', field: 'name', message: 'must not be empty' };
  return tooLong('name', name, MAX_NAME_LENGTH) ?? tooLong('description', description, MAX_DESCRIPTION_LENGTH);
}

/** A fallback must exist, and must not lead back to the group. */
export function refuseFallback(
  cluster: Cluster,
  groupId: string,
  fallbackGroupId?: string | null,
): Refusal | undefined {
  if (fallbackGroupId === undefined || fallbackGroupId === null) return undefined;
  const chain: string[] = groupChain(cluster, fallbackGroupId);
  const back = chain.indexOf(groupId);
  if (back !== -1) return { code: 'GROUP_CYCLE', path: [groupId, ...chain.slice(0, back + 1)] };
  return refuseUnknownGroup(cluster, fallbackGroupId);
}

export function refuseUnknownGroup(cluster: Cluster, groupId: string): Refusal | undefined {
  return cluster.groups.has(groupId as GroupId) ? undefined : { code: 'GROUP_UNKNOWN', groupId };
}
