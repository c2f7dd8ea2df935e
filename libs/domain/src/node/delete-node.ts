import { endRowsOfNode } from '../distribution/end-rows.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { giveUp } from './give-up.js';
import type { Node } from './node.js';
import type { NodeCommand, NodeReport } from './node-commands.js';

/** An operator says the node is gone. */
export function deleteNode(turn: Turn, command: Extract<NodeCommand, { type: 'DeleteNode' }>): Refusal | undefined {
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node === undefined && !turn.resumed) return { code: 'NODE_UNKNOWN', nodeId: command.nodeId };
  if (node !== undefined && !node.deleted) turn.emit({ type: 'DeleteNode', nodeId: node.id });
  endVms(turn, command.nodeId, node, 'node was deleted');
  endRowsOfNode(turn, command.nodeId, 'node was deleted');
  return undefined;
}

/** The node itself leaves the fleet. */
export function unregisterNode(
  turn: Turn,
  report: Extract<NodeReport, { type: 'UnregisterNode' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined && !turn.resumed) return undefined;
  if (node !== undefined && !node.deleted) turn.emit({ type: 'NodeUnregistered', nodeId: node.id });
  endVms(turn, report.nodeId, node, 'node left the fleet');
  endRowsOfNode(turn, report.nodeId, 'node left the fleet');
  return undefined;
}

/** One that may run nowhere else never will. After a crash in the middle the node may be gone already, with its last VM. */
function endVms(turn: Turn, nodeId: string, node: Node | undefined, message: string): void {
  if (node !== undefined) giveUp(turn, node, message);
  for (const id of [...turn.cluster.pending]) {
    if (turn.cluster.vms.get(id)?.request.nodeId === nodeId) turn.emit({ type: 'VMFailedToStart', vmId: id, message });
  }
}
