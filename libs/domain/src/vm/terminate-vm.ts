import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { placementOf, type Vm } from './vm.js';
import type { VmCommand } from './vm-commands.js';

/** What the vendor says of an instance that ended before it ran. */
export const TERMINATED_BY_CONTROLLER = 'instance terminated by controller';

/** Ends a VM, from any phase, for good. Asking again changes nothing and is no error. */
export function terminateVm(turn: Turn, command: Extract<VmCommand, { type: 'TerminateVM' }>): Refusal | undefined {
  const vm = turn.cluster.vms.get(command.vmId as Vm['id']);
  if (vm === undefined) return turn.resumed ? undefined : { code: 'VM_UNKNOWN', vmId: command.vmId };
  if (vm.phase.name === 'terminating' || vm.phase.name === 'terminated') return undefined;
  const at = placementOf(vm);
  if (!turn.resumed) turn.emit({ type: 'TerminateVM', vmId: vm.id, ...(at && { nodeId: at.nodeId }) });
  if (at === undefined) turn.emit({ type: 'VMTerminated', vmId: vm.id, message: TERMINATED_BY_CONTROLLER });
  return undefined;
}
