import type { RecordedEvent, SeatedEvent, StartVMEvent, VmEvent } from '#domain';
import type { VmRow } from '../views/index.js';

/**
 * Folds one event about a VM into its row; undefined when there is no row (any more). Total: a fact about a VM that is not here changes
 * nothing, and neither does one that the row holds already.
 */
export function foldVm(row: VmRow | undefined, recorded: RecordedEvent, event: VmEvent): VmRow | undefined {
  if (row === undefined) return event.type === 'StartVM' ? accepted(recorded, event) : undefined;
  if (recorded.sequence <= row.sequence) return row;
  if (event.type === 'StartVM') return row;
  if (event.type === 'VMRemoved') return undefined;
  return { ...row, ...change(row, recorded, event), sequence: recorded.sequence, updatedAt: recorded.time };
}

function accepted(recorded: RecordedEvent, event: StartVMEvent): VmRow {
  const { request } = event;
  return {
    id: event.vmId,
    sequence: recorded.sequence,
    phase: 'pending',
    pulling: false,
    request,
    image: event.image,
    cpu: event.cpu,
    memoryMiB: event.memoryMiB,
    forwards: event.forwards,
    ...(request.name !== undefined && { name: request.name }),
    ...(request.externalId !== undefined && { externalId: request.externalId }),
    metadata: request.metadata ?? {},
    attempts: [],
    restarts: 0,
    restartsDone: 0,
    createdAt: recorded.time,
    updatedAt: recorded.time,
    acceptedSequence: recorded.sequence,
    acceptedCommandId: recorded.cause.id,
    acceptedActor: recorded.cause.actor,
    correlationId: recorded.cause.correlationId,
  };
}

type Change = { -readonly [Field in keyof VmRow]?: VmRow[Field] | undefined };
type LaterEvent = Exclude<VmEvent, { type: 'StartVM' | 'VMRemoved' }>;

/** What the event changes; a field that is named and undefined goes away. */
function change(row: VmRow, recorded: RecordedEvent, event: LaterEvent): Change {
  switch (event.type) {
    case 'VMScheduled':
      return {
        ...{ phase: 'assigned', nodeId: event.nodeId, epoch: recorded.sequence, pulling: false },
        usbDevice: event.usbDevice,
        macAddress: event.macAddress,
      };
    case 'VMPulling':
      return row.phase === 'assigned' ? { pulling: true } : {};
    case 'VMPulled':
      return row.phase === 'assigned' ? { pulling: false } : {};
    case 'VMStartAttemptFailed': {
      const attempt = { nodeId: event.nodeId, message: event.message, at: recorded.time };
      return { phase: 'pending', ...UNSEATED, nodeId: undefined, attempts: [...row.attempts, attempt] };
    }
    case 'UpdateVM':
      return {
        ...(event.name !== undefined && { name: event.name }),
        ...(event.externalId !== undefined && { externalId: event.externalId }),
        ...(event.metadata && { metadata: { ...row.metadata, ...event.metadata } }),
      };
    case 'VMDeferred':
    case 'VMDeferralEnded':
      return {};
    case 'VMPreempted':
      return row.epoch === undefined ? {} : { phase: 'terminating', pulling: false, message: undefined };
    case 'RestartVM':
      return { restarts: event.restarts };
    default:
      return changeOfSeat(row, recorded, event);
  }
}

const UNSEATED = {
  epoch: undefined,
  usbDevice: undefined,
  macAddress: undefined,
  pulling: false,
  message: undefined,
} as const;

function changeOfSeat(row: VmRow, recorded: RecordedEvent, event: SeatedEvent): Change {
  const seated = row.epoch !== undefined;
  switch (event.type) {
    case 'VMStarted':
      if (!seated) return {};
      return { ...running(event.instance), startedAt: recorded.time, ...(event.script && { script: event.script }) };
    case 'VMRestarted':
      return {
        ...(seated && running(event.instance)),
        ...(row.phase === 'pushing' && { phase: 'pushing' as const }),
        restartsDone: event.restarts,
      };
    case 'VMStopped':
      return seated ? { phase: 'stopped', pulling: false, instance: event.instance, message: undefined } : {};
    case 'VMFailedToStart':
      return {
        ...(event.nodeId === undefined ? UNSEATED : { pulling: false }),
        phase: 'failed',
        message: event.message,
        ...(event.instance && { instance: event.instance }),
        ...(event.script && { script: event.script }),
      };
    case 'VMLost':
      return { ...UNSEATED, phase: 'failed', message: event.message };
    case 'VMPushing':
      return row.phase === 'running' ? { phase: 'pushing' } : {};
    case 'VMPushed':
      return row.phase === 'pushing' ? { phase: 'terminating' } : {};
    case 'VMPushFailed':
      return row.phase === 'pushing' ? { phase: 'running' } : {};
    case 'TerminateVM':
      return seated ? { phase: 'terminating', pulling: false, message: undefined } : {};
    case 'VMTerminated':
      return { ...UNSEATED, phase: 'terminated', message: event.message, terminatedAt: recorded.time };
  }
}

function running(instance: VmRow['instance']): Change {
  return { phase: 'running', pulling: false, instance, message: undefined };
}
