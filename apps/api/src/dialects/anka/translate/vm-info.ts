import type { HostInstance } from '#domain';
import type { VmRow } from '../../../views/index.js';
import type { VmInfoDto } from '../dto/instance.dto.js';
import type { Moment } from './instance.js';
import { timeOf, ZERO_TIME } from './time.js';

/** The VM as its host last described it (anka.md §3.3). After a failure or an end this stays as it was. */
export function vmInfoOf(row: VmRow, instance: HostInstance, nodeId: string, moment: Moment): VmInfoDto {
  return {
    uuid: instance.uuid,
    name: instance.name,
    status: instance.status,
    version: '',
    creation_date: timeOf(instance.createdAt),
    access_date: timeOf(instance.startedAt),
    start_date: timeOf(instance.startedAt),
    stop_date: instance.stoppedAt === undefined ? ZERO_TIME : timeOf(instance.stoppedAt),
    timestamp: timeOf(Math.max(row.updatedAt, moment.heardAt(nodeId) ?? 0)),
    cpu_cores: instance.cpu,
    ram: ramOf(instance.memoryMiB),
    node_id: nodeId,
    host_ip: instance.hostIp,
    ip: instance.guestIp,
    vnc_port: 0,
    ...(instance.forwards.length > 0 && {
      port_forwarding: instance.forwards.map(({ name, guestPort, hostPort, protocol }) => ({
        guest_port: guestPort,
        host_port: hostPort,
        protocol,
        name,
        rule_name: name,
      })),
    }),
  };
}

/** `4G` for whole GiB, else `512M`. */
function ramOf(memoryMiB: number): string {
  return memoryMiB % 1024 === 0 ? `${memoryMiB / 1024}G` : `${memoryMiB}M`;
}
