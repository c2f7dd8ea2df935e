import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Node } from './node.js';
import type { NodeCommand } from './node-commands.js';

/** The control plane heard nothing from the node for too long: it takes no new VMs. What runs on it is unknown, not lost. */
export function markNodeSilent(
  turn: Turn,
  command: Extract<NodeCommand, { type: 'MarkNodeSilent' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node !== undefined && !node.deleted && node.online) turn.emit({ type: 'NodeOffline', nodeId: node.id });
  return undefined;
}

/** The node beats again. */
export function markNodeHeard(
  turn: Turn,
  command: Extract<NodeCommand, { type: 'MarkNodeHeard' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node !== undefined && !node.deleted && !node.online) turn.emit({ type: 'NodeOnline', nodeId: node.id });
  return undefined;
}
