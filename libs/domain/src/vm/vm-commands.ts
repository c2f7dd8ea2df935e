import type { HostInstance, Metadata, ScriptResult, VmRequest } from './vm.js';

/** What a caller may ask of VMs. */
export type VmCommand =
  /** `lenient`: a USB device or VLAN that no node could offer is noted in `passthrough`, and not waited for. */
  | { type: 'StartVM'; vmIds: readonly string[]; request: VmRequest; lenient?: boolean }
  | { type: 'UpdateVM'; vmId: string; name?: string; externalId?: string; metadata?: Metadata }
  | { type: 'RestartVM'; vmId: string }
  | { type: 'TerminateVM'; vmId: string };

/** What a node says of a VM on it. Names the epoch it speaks of; a report about another epoch is stale and changes nothing. */
export type VmReport = { nodeId: string; vmId: string; epoch: number } & (
  | { type: 'ReportVMPulling' }
  | { type: 'ReportVMPulled' }
  | { type: 'ReportVMStarted'; instance: HostInstance; script?: ScriptResult }
  | ReportVMStartFailed
  | { type: 'ReportVMRestarted'; instance: HostInstance; restarts: number }
  | { type: 'ReportVMStopped'; instance: HostInstance }
  /** The control plane counts on a VM that the host does not have (any more). */
  | { type: 'ReportVMLost'; message: string }
  | { type: 'ReportVMTerminated' }
);

export interface ReportVMStartFailed {
  type: 'ReportVMStartFailed';
  message: string;
  /** Another attempt, perhaps on another node, may succeed. A failed startup script never is retryable. */
  retryable: boolean;
  script?: ScriptResult;
  /** Present while the VM is still on the host (`script_fail_handler` keep or stop). */
  instance?: HostInstance;
}
