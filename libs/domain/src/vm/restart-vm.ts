import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Vm } from './vm.js';
import type { VmCommand } from './vm-commands.js';

/** Asks the host for a forced stop and a new boot. The VM stays Started meanwhile: no client may see a passing Stopped. */
export function restartVm(turn: Turn, command: Extract<VmCommand, { type: 'RestartVM' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  const vm = turn.cluster.vms.get(command.vmId as Vm['id']);
  if (vm === undefined) return { code: 'VM_UNKNOWN', vmId: command.vmId };
  if (vm.phase.name !== 'running') return { code: 'VM_NOT_RUNNING', vmId: vm.id, phase: vm.phase.name };
  turn.emit({ type: 'RestartVM', vmId: vm.id, nodeId: vm.phase.at.nodeId, restarts: vm.restarts + 1 });
  return undefined;
}
