import type { CloudEvent } from '#events';

/** Groups by the books: which there are, where each falls back to, which nodes are in them. */
export class GroupBook {
  private readonly fallbacks = new Map<string, string | undefined>();
  private readonly groupsOf = new Map<string, ReadonlySet<string>>();

  read(type: string, { subject, data }: CloudEvent): void {
    if (type === 'CreateGroup') this.fallbacks.set(subject, textIn(data['fallbackGroupId']));
    if (type === 'UpdateGroup' && 'fallbackGroupId' in data)
      this.fallbacks.set(subject, textIn(data['fallbackGroupId']));
    if (type === 'DeleteGroup') this.fallbacks.delete(subject);
    if (type === 'NodeGroupsChanged') this.groupsOf.set(subject, new Set(data['groups'] as string[]));
    if (type === 'DeleteNode' || type === 'NodeUnregistered') this.groupsOf.delete(subject);
  }

  exists(groupId: string): boolean {
    return this.fallbacks.has(groupId);
  }

  /** Whether the node is in the group or in one that it falls back to, now. Nobody is in a group that is not there. */
  admits(groupId: string, nodeId: string): boolean {
    const seen = new Set<string>();
    for (
      let next: string | undefined = groupId;
      next !== undefined && !seen.has(next);
      next = this.fallbacks.get(next)
    ) {
      if (this.fallbacks.has(next) && this.groupsOf.get(nodeId)?.has(next) === true) return true;
      seen.add(next);
    }
    return false;
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
