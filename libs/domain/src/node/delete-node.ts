import type { VmId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { endAttempt } from '../vm/end-attempt.js';
import type { Node } from './node.js';
import type { NodeCommand, NodeReport } from './node-commands.js';

/** An operator says the node is gone. */
export function deleteNode(turn: Turn, command: Extract<NodeCommand, { type: 'DeleteNode' }>): Refusal | undefined {
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node === undefined || (node.deleted && !turn.resumed)) {
    return turn.resumed ? undefined : { code: 'NODE_UNKNOWN', nodeId: command.nodeId };
  }
  if (!node.deleted) turn.emit({ type: 'DeleteNode', nodeId: node.id });
  endVms(turn, node, 'node was deleted');
  return undefined;
}

/** The node itself leaves the fleet. */
export function unregisterNode(
  turn: Turn,
  report: Extract<NodeReport, { type: 'UnregisterNode' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined) return undefined;
  if (!node.deleted) turn.emit({ type: 'NodeUnregistered', nodeId: node.id });
  endVms(turn, node, 'node left the fleet');
  return undefined;
}

/** A start in progress goes elsewhere; a VM that ran is lost; one that was ending has ended. */
function endVms(turn: Turn, node: Node, message: string): void {
  for (const id of [...node.vms].sort()) endVm(turn, id, message);
}

function endVm(turn: Turn, id: VmId, message: string): void {
  const vm = turn.cluster.vms.get(id);
  if (vm === undefined || !('at' in vm.phase) || vm.phase.at === undefined) return;
  const { nodeId } = vm.phase.at;
  if (vm.phase.name === 'assigned') return endAttempt(turn, vm, { message, retryable: true });
  if (vm.phase.name === 'terminating') return turn.emit({ type: 'VMTerminated', vmId: id, nodeId, message });
  turn.emit({ type: 'VMLost', vmId: id, nodeId, message });
}
