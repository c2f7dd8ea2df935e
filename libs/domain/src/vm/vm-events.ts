import type { NodeId, SaveId, VmId } from '../ids.js';
import type { Choice } from '../placement/choice.js';
import type { TemplateImage } from '../template/template.js';
import type { ForwardRule, HostInstance, Metadata, ScriptResult, VmRequest } from './vm.js';

/** Facts about one VM. An accepted action keeps its own name; the rest is what the system did or saw. */
export type VmEvent =
  | StartVMEvent
  | VMScheduledEvent
  | { type: 'VMDeferred'; vmId: VmId; nodeId: NodeId; until: number }
  | { type: 'VMDeferralEnded'; vmId: VmId }
  | { type: 'VMPreempted'; vmId: VmId; nodeId: NodeId; byVmId: VmId }
  | { type: 'VMPulling'; vmId: VmId; nodeId: NodeId }
  | { type: 'VMPulled'; vmId: VmId; nodeId: NodeId }
  | { type: 'VMStarted'; vmId: VmId; nodeId: NodeId; instance: HostInstance; script?: ScriptResult }
  | { type: 'VMStartAttemptFailed'; vmId: VmId; nodeId: NodeId; attempt: number; message: string }
  | VMFailedToStartEvent
  | { type: 'UpdateVM'; vmId: VmId; name?: string; externalId?: string; metadata?: Metadata }
  | { type: 'RestartVM'; vmId: VmId; nodeId: NodeId; restarts: number }
  | { type: 'VMRestarted'; vmId: VmId; nodeId: NodeId; instance: HostInstance; restarts: number }
  | { type: 'VMStopped'; vmId: VmId; nodeId: NodeId; instance: HostInstance }
  | { type: 'VMLost'; vmId: VmId; nodeId: NodeId; message: string }
  /** The VM is held until its save has ended. */
  | { type: 'VMPushing'; vmId: VmId; nodeId: NodeId; requestId: SaveId }
  /** It is saved, and ends. */
  | { type: 'VMPushed'; vmId: VmId; nodeId: NodeId; requestId: SaveId }
  /** It is not, and runs on. */
  | { type: 'VMPushFailed'; vmId: VmId; nodeId: NodeId; requestId: SaveId }
  | { type: 'TerminateVM'; vmId: VmId; nodeId?: NodeId }
  | { type: 'VMTerminated'; vmId: VmId; nodeId?: NodeId; message?: string }
  | { type: 'VMRemoved'; vmId: VmId };

/** The VM has a seat, and in it the device and the address that it was given. */
export interface VMScheduledEvent {
  type: 'VMScheduled';
  vmId: VmId;
  nodeId: NodeId;
  attempt: number;
  choice?: Choice;
  usbDevice?: string;
  macAddress?: string;
}

/** The start was accepted. Holds everything resolved at that moment, so no later change of the template alters this VM. */
export interface StartVMEvent {
  type: 'StartVM';
  vmId: VmId;
  request: VmRequest;
  image: TemplateImage;
  cpu: number;
  memoryMiB: number;
  forwards: readonly ForwardRule[];
}

/** The start failed for good. `nodeId` is present while something of the VM is still on that node. */
export interface VMFailedToStartEvent {
  type: 'VMFailedToStart';
  vmId: VmId;
  message: string;
  nodeId?: NodeId;
  instance?: HostInstance;
  script?: ScriptResult;
}

/** Whether the event is an accepted request about the VM, and not what the system did or saw. */
export function isAsked(event: { readonly type: string }): boolean {
  return ASKED.has(event.type);
}

const ASKED: ReadonlySet<string> = new Set<VmEvent['type'] | 'SaveImage'>([
  'StartVM',
  'UpdateVM',
  'RestartVM',
  'SaveImage',
  'TerminateVM',
]);

/** What happens to a VM with a seat, or ends its having one. */
export type SeatedEvent = Extract<
  VmEvent,
  {
    type:
      | 'VMStarted'
      | 'VMRestarted'
      | 'VMStopped'
      | 'VMFailedToStart'
      | 'VMLost'
      | 'VMPushing'
      | 'VMPushed'
      | 'VMPushFailed'
      | 'TerminateVM'
      | 'VMTerminated';
  }
>;
