import { type Cluster, setDue } from '../cluster.js';
import type { RecordedEvent } from '../events.js';
import { imageKey } from '../node/node.js';
import type { NodeId } from '../ids.js';
import { forgive, strike } from '../node/strikes.js';
import { shared } from '../shared.js';
import type { Template, TemplateImage, TemplateVersion } from '../template/template.js';
import { enterPhase, removeVm } from './seat.js';
import {
  type HostInstance,
  type Metadata,
  type Pending,
  type Placement,
  placementOf,
  type StartAttempt,
  type Vm,
} from './vm.js';
import type { SeatedEvent, StartVMEvent, VmEvent } from './vm-events.js';

/** Folds one fact about a VM. Total: a fact about a VM that is not here (any more) changes nothing. */
export function evolveVm(cluster: Cluster, recorded: RecordedEvent, event: VmEvent): void {
  if (event.type === 'StartVM') return accept(cluster, recorded, event);
  const vm = cluster.vms.get(event.vmId);
  if (vm === undefined) return;
  switch (event.type) {
    case 'VMScheduled':
      if (event.choice !== undefined) vm.choice = event.choice;
      enterPhase(cluster, vm, {
        name: 'assigned',
        at: seatFrom(cluster, recorded.sequence, event),
        pulling: false,
        needsPull: cluster.nodes.get(event.nodeId)?.cached.has(imageKey(vm.image)) !== true,
      });
      return setDue(cluster, vm, recorded.time + cluster.policy.startLimitMs);
    case 'VMPulling':
      return setPulling(cluster, vm, true, recorded.time + cluster.policy.pullLimitMs);
    case 'VMPulled':
      return setPulling(cluster, vm, false, recorded.time + cluster.policy.startLimitMs);
    case 'VMStartAttemptFailed':
      vm.attempts = [...vm.attempts, { nodeId: event.nodeId, message: event.message, at: recorded.time }];
      failedOn(cluster, event.nodeId, recorded.time);
      enterPhase(cluster, vm, pendingSince(recorded.time));
      return setDue(cluster, vm, undefined);
    case 'VMDeferred':
      if (vm.phase.name !== 'pending') return;
      enterPhase(cluster, vm, { ...vm.phase, deferred: { nodeId: event.nodeId, until: event.until } });
      return setDue(cluster, vm, event.until);
    case 'VMDeferralEnded':
      if (vm.phase.name !== 'pending') return;
      enterPhase(cluster, vm, { name: 'pending', since: vm.phase.since, isPatient: false });
      return setDue(cluster, vm, undefined);
    case 'VMPreempted':
      return preempted(cluster, vm, event);
    case 'UpdateVM':
      if (event.name !== undefined) vm.name = event.name;
      if (event.externalId !== undefined) vm.externalId = event.externalId;
      if (event.metadata !== undefined) vm.metadata = { ...vm.metadata, ...event.metadata };
      return;
    case 'RestartVM':
      vm.restarts = event.restarts;
      vm.correlationId = recorded.cause.correlationId;
      cluster.touched.add(event.nodeId);
      return;
    case 'VMRemoved':
      return removeVm(cluster, vm);
    default:
      return evolveSeated(cluster, recorded, event, vm);
  }
}

function seatFrom(cluster: Cluster, epoch: number, event: Extract<VmEvent, { type: 'VMScheduled' }>): Placement {
  const nodeId = cluster.nodes.get(event.nodeId)?.id ?? event.nodeId;
  const { usbDevice, macAddress } = event;
  if (usbDevice === undefined && macAddress === undefined) return { nodeId, epoch };
  return {
    ...{ nodeId, epoch },
    ...(usbDevice !== undefined && { usbDevice }),
    ...(macAddress !== undefined && { macAddress }),
  };
}

function evolveSeated(cluster: Cluster, recorded: RecordedEvent, event: SeatedEvent, vm: Vm): void {
  const at = placementOf(vm);
  const script = 'script' in vm.phase ? vm.phase.script : undefined;
  switch (event.type) {
    case 'VMStarted':
      if (at !== undefined) succeededOn(cluster, at.nodeId);
      if (at !== undefined)
        enterPhase(cluster, vm, {
          name: 'running',
          at,
          instance: event.instance,
          ...(event.script && { script: event.script }),
        });
      return setDue(cluster, vm, undefined);
    case 'VMRestarted':
      runsAgain(cluster, vm, event.instance);
      vm.restartsDone = event.restarts;
      return;
    case 'VMStopped':
      if (at !== undefined)
        enterPhase(cluster, vm, { name: 'stopped', at, instance: event.instance, ...(script && { script }) });
      return;
    case 'VMFailedToStart':
      // A script that fails is the guest's fault, and a VM without a seat is nobody's.
      if (event.script === undefined) failedOn(cluster, at?.nodeId, recorded.time);
      enterPhase(cluster, vm, {
        name: 'failed',
        message: event.message,
        ...(at && event.nodeId && { at }),
        ...(event.instance && { instance: event.instance }),
        ...(event.script && { script: event.script }),
      });
      return setDue(cluster, vm, undefined);
    case 'VMLost':
      enterPhase(cluster, vm, { name: 'failed', message: event.message, ...instanceOf(vm), ...(script && { script }) });
      return setDue(cluster, vm, undefined);
    case 'VMPushing':
    case 'VMPushed':
    case 'VMPushFailed':
      return evolvePush(cluster, vm, event);
    case 'TerminateVM':
      vm.correlationId = recorded.cause.correlationId;
      if (at !== undefined) enterPhase(cluster, vm, { name: 'terminating', at, ...instanceOf(vm) });
      return setDue(cluster, vm, undefined);
    case 'VMTerminated':
      setDue(cluster, vm, recorded.time + (isSaved(vm) ? 0 : cluster.policy.terminatedVisibleMs));
      enterPhase(cluster, vm, { name: 'terminated', ...(event.message !== undefined && { message: event.message }) });
  }
}

const isSaved = ({ phase }: Vm): boolean => phase.name === 'terminating' && phase.isSaved === true;

function runsAgain(cluster: Cluster, vm: Vm, instance: HostInstance): void {
  const at = placementOf(vm);
  const script = 'script' in vm.phase ? vm.phase.script : undefined;
  if (vm.phase.name === 'pushing') enterPhase(cluster, vm, { ...vm.phase, instance });
  else if (at !== undefined) enterPhase(cluster, vm, { name: 'running', at, instance, ...(script && { script }) });
}

type PushEvent = Extract<VmEvent, { type: 'VMPushing' | 'VMPushed' | 'VMPushFailed' }>;

function evolvePush(cluster: Cluster, vm: Vm, { type, requestId }: PushEvent): void {
  const { phase } = vm;
  if (phase.name !== 'running' && phase.name !== 'pushing') return;
  const { at, instance, script } = phase;
  const known = { at, instance, ...(script && { script }) };
  if (type === 'VMPushing') enterPhase(cluster, vm, { name: 'pushing', ...known, requestId });
  else if (type === 'VMPushed') enterPhase(cluster, vm, { name: 'terminating', at, instance, isSaved: true });
  else enterPhase(cluster, vm, { name: 'running', ...known });
  cluster.touched.add(at.nodeId);
}

function instanceOf(vm: Vm): { instance?: HostInstance } {
  return 'instance' in vm.phase && vm.phase.instance !== undefined ? { instance: vm.phase.instance } : {};
}

function setPulling(cluster: Cluster, vm: Vm, pulling: boolean, dueAt: number | undefined): void {
  if (vm.phase.name !== 'assigned') return;
  enterPhase(cluster, vm, { ...vm.phase, pulling, needsPull: pulling });
  setDue(cluster, vm, dueAt);
}

function versionOf(cluster: Cluster, image: TemplateImage): TemplateVersion | undefined {
  const template = cluster.templates.get(image.templateId as Template['id']);
  return template?.versions.find(({ number }) => number === image.version);
}

/** Shared by all VMs that have none. */
const NO_METADATA: Metadata = {};
const NO_ATTEMPTS: readonly StartAttempt[] = [];

function preempted(cluster: Cluster, vm: Vm, { byVmId }: Extract<VmEvent, { type: 'VMPreempted' }>): void {
  const at = placementOf(vm);
  if (at !== undefined) enterPhase(cluster, vm, { name: 'terminating', at, ...instanceOf(vm) });
  setDue(cluster, vm, undefined);
  const by = cluster.vms.get(byVmId);
  if (by?.phase.name === 'pending') enterPhase(cluster, by, { ...by.phase, preempts: vm.id });
}

function succeededOn(cluster: Cluster, nodeId: NodeId): void {
  const node = cluster.nodes.get(nodeId);
  if (node !== undefined) forgive(node);
}

function failedOn(cluster: Cluster, nodeId: NodeId | undefined, time: number): void {
  const node = nodeId === undefined ? undefined : cluster.nodes.get(nodeId);
  // That a node fell silent or was deleted is known of it already, and says nothing about its starts.
  if (node?.online === true && !node.deleted) strike(cluster, node, time);
}

const pendingSince = (since: number): Pending => ({ name: 'pending', since, isPatient: true });

function accept(cluster: Cluster, recorded: RecordedEvent, event: StartVMEvent): void {
  if (cluster.vms.has(event.vmId)) return;
  const { image, forwards } = event;
  const version = versionOf(cluster, image);
  const request = shared(event.request, cluster.newest?.request);
  const vm: Vm = {
    id: event.vmId,
    acceptedSequence: recorded.sequence,
    acceptedBy: recorded.cause.sequence,
    createdAt: recorded.time,
    correlationId: shared(recorded.cause.correlationId, cluster.newest?.correlationId),
    request,
    image: shared(image, version?.image),
    cpu: event.cpu,
    memoryMiB: event.memoryMiB,
    forwards: shared(forwards, version?.forwards),
    ...(request.name !== undefined && { name: request.name }),
    ...(request.externalId !== undefined && { externalId: request.externalId }),
    metadata: request.metadata ?? NO_METADATA,
    attempts: NO_ATTEMPTS,
    restarts: 0,
    restartsDone: 0,
    phase: { name: 'terminated' },
  };
  cluster.vms.set(vm.id, vm);
  cluster.newest = vm;
  enterPhase(cluster, vm, pendingSince(recorded.time));
}
