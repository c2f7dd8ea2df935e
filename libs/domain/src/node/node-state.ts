import { type Node, resourceLimits, slotsInUse } from './node.js';

/** How a node is, in one word (anka.md §4.2). */
export type NodeState = 'active' | 'offline' | 'unlicensed' | 'draining' | 'unhealthy';

/** What must be known of a node to name its state. */
export type NodeSeen = Pick<Node, 'online' | 'facts' | 'config' | 'used' | 'unknownVms'>;

/**
 * The first that is true: silent; without a licence; drained; unhealthy, which is full without one VM that is alive; else active.
 * `alive`: VMs on it that run, or are on the way to or from it, that is, all that take room and did not fail.
 */
export function nodeState(node: NodeSeen, alive: number): NodeState {
  if (!node.online) return 'offline';
  if (isUnlicensed(node)) return 'unlicensed';
  if (node.config.drain) return 'draining';
  return isFull(node) && node.used.vms > 0 && alive === 0 ? 'unhealthy' : 'active';
}

export const isUnlicensed = ({ facts }: Pick<Node, 'facts'>): boolean => facts.licence === 'invalid';

/** Whether nothing more can be placed on the node, however small, for want of slots, or of cores or memory. */
export function isFull(node: NodeSeen): boolean {
  if (node.config.capacityMode === 'number') return slotsInUse(node) >= node.config.capacity;
  const { cpu, memoryMiB } = resourceLimits(node);
  return node.used.cpu >= cpu || node.used.memoryMiB >= memoryMiB;
}
