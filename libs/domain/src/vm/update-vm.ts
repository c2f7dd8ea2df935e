import { MAX_EXTERNAL_ID_LENGTH, MAX_NAME_LENGTH } from '../limits.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { checkMetadata, tooLong } from './request-rules.js';
import type { Vm } from './vm.js';
import type { VmCommand } from './vm-commands.js';

/** Changes what the caller may call the VM. Metadata keys are merged, not replaced. */
export function updateVm(turn: Turn, command: Extract<VmCommand, { type: 'UpdateVM' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  const vm = turn.cluster.vms.get(command.vmId as Vm['id']);
  if (vm === undefined) return { code: 'VM_UNKNOWN', vmId: command.vmId };
  const { name, externalId, metadata } = command;
  const refusal =
    tooLong('name', name, MAX_NAME_LENGTH) ??
    tooLong('externalId', externalId, MAX_EXTERNAL_ID_LENGTH) ??
    checkMetadata(metadata && { ...vm.metadata, ...metadata });
  if (refusal !== undefined) return refusal;
  turn.emit({
    type: 'UpdateVM',
    vmId: vm.id,
    ...(name !== undefined && { name }),
    ...(externalId !== undefined && { externalId }),
    ...(metadata !== undefined && { metadata }),
  });
  return undefined;
}
