import type { VmId } from '../ids.js';
import type { Turn } from '../turn.js';
import { endAttempt } from '../vm/end-attempt.js';
import type { Node } from './node.js';

/**
 * Nothing can be expected any more of what the node holds: a start in progress goes elsewhere, a VM that ran is lost, one that was
 * ending has ended. At most `limit` VMs; each brings exactly one event and frees its seat, so a second call goes on where one stopped.
 */
export function giveUp(turn: Turn, node: Node, message: string, limit = Infinity): void {
  for (const id of [...node.vms].sort().slice(0, limit)) giveUpVm(turn, id, message);
}

function giveUpVm(turn: Turn, id: VmId, message: string): void {
  const vm = turn.cluster.vms.get(id);
  if (vm === undefined || !('at' in vm.phase) || vm.phase.at === undefined) return;
  const { nodeId } = vm.phase.at;
  if (vm.phase.name === 'assigned') return endAttempt(turn, vm, { message, retryable: vm.request.nodeId !== nodeId });
  if (vm.phase.name === 'terminating') return turn.emit({ type: 'VMTerminated', vmId: id, nodeId, message });
  turn.emit({ type: 'VMLost', vmId: id, nodeId, message });
}
