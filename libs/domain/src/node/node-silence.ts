import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { endAttempt } from '../vm/end-attempt.js';
import type { Node } from './node.js';
import type { NodeCommand } from './node-commands.js';

/**
 * The control plane heard nothing from the node for too long: it takes no new VMs, and what was only starting there, perhaps in the
 * middle of a long pull, goes elsewhere. What ran on it is unknown, not lost, until its grace period (`lostAfterMs`) is over.
 */
export function markNodeSilent(
  turn: Turn,
  command: Extract<NodeCommand, { type: 'MarkNodeSilent' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node === undefined || node.deleted || (!node.online && !turn.resumed)) return undefined;
  if (node.online) turn.emit({ type: 'NodeOffline', nodeId: node.id });
  for (const id of [...node.vms].sort()) {
    const vm = turn.cluster.vms.get(id);
    if (vm !== undefined) endAttempt(turn, vm, { message: 'node fell silent during the start', retryable: true });
  }
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
