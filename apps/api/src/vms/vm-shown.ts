import type { VmRow } from '../views/index.js';
import type { VmDto, VmInstanceDto } from './vm.dto.js';

const rfc3339 = (time: number): string => new Date(time).toISOString();

/** The row as our own API shows it. What only a driver or another dialect understands stays out. */
export function shownVm(row: VmRow): VmDto {
  const { image, request, instance, attempts } = row;
  return {
    ...{ id: row.id, sequence: row.sequence, phase: row.phase, pulling: row.pulling },
    ...given({ nodeId: row.nodeId, epoch: row.epoch, name: row.name, externalId: row.externalId }),
    metadata: row.metadata,
    template: {
      ...{ id: image.templateId, name: image.templateName },
      ...{ tag: image.tag, version: image.version, arch: image.arch },
    },
    ...{ cpu: row.cpu, memoryMiB: row.memoryMiB, forwards: row.forwards },
    ...given({ priority: request.priority, wantedNodeId: request.nodeId, wantedGroupId: request.groupId }),
    ...given({ usbDevice: row.usbDevice, macAddress: row.macAddress }),
    ...(instance && { instance: shownInstance(instance) }),
    ...given({ script: row.script, message: row.message }),
    attempts: attempts.map(({ nodeId, message, at }) => ({ nodeId, message, at: rfc3339(at) })),
    ...{ restarts: row.restarts, restartsDone: row.restartsDone },
    ...{ actor: row.acceptedActor, commandId: row.acceptedCommandId, correlationId: row.correlationId },
    ...{ createdAt: rfc3339(row.createdAt), updatedAt: rfc3339(row.updatedAt) },
    ...(row.startedAt !== undefined && { startedAt: rfc3339(row.startedAt) }),
    ...(row.terminatedAt !== undefined && { terminatedAt: rfc3339(row.terminatedAt) }),
  };
}

function shownInstance(instance: NonNullable<VmRow['instance']>): VmInstanceDto {
  const { uuid, name, status, hostIp, guestIp, forwards, createdAt, startedAt, stoppedAt } = instance;
  return {
    ...{ uuid, name, status, hostIp, guestIp },
    forwards: forwards.map((forward) => ({
      ...{ name: forward.name, guestPort: forward.guestPort, hostPort: forward.hostPort },
    })),
    ...{ createdAt: rfc3339(createdAt), startedAt: rfc3339(startedAt) },
    ...(stoppedAt !== undefined && { stoppedAt: rfc3339(stoppedAt) }),
  };
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Only the fields that there are. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
