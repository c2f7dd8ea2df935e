import type { GroupId } from '../ids.js';
import { MAX_START_ATTEMPTS } from '../limits.js';
import type { Turn } from '../turn.js';
import type { Vm } from './vm.js';
import type { ReportVMStartFailed } from './vm-commands.js';

type Failure = Omit<ReportVMStartFailed, 'type'>;

/** One attempt to start has failed: back to the queue, or, when that was the last or would be pointless, failed for good. */
export function endAttempt(turn: Turn, vm: Vm, failure: Failure): void {
  if (vm.phase.name !== 'assigned') return;
  const { nodeId } = vm.phase.at;
  const attempt = vm.attempts.length + 1;
  if (failure.retryable && isWelcome(turn, vm) && attempt < MAX_START_ATTEMPTS) {
    turn.emit({ type: 'VMStartAttemptFailed', vmId: vm.id, nodeId, attempt, message: failure.message });
    return;
  }
  turn.emit({
    type: 'VMFailedToStart',
    vmId: vm.id,
    message: failure.message,
    ...(failure.instance && { nodeId, instance: failure.instance }),
    ...(failure.script && { script: failure.script }),
  });
}

/** Whether the group that the VM asked for is there still: nobody may wait for one that is gone. */
function isWelcome({ cluster }: Turn, { request }: Vm): boolean {
  return request.groupId === undefined || cluster.groups.has(request.groupId as GroupId);
}
