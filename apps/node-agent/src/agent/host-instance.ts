import type { HostInstance } from '#domain';
import type { HostVm } from '../drivers/driver.js';

/** The VM as clients will see it, reachable at the node's address. */
export function hostInstance(host: HostVm, hostIp: string): HostInstance {
  return {
    uuid: host.uuid,
    name: host.name,
    status: host.status,
    cpu: host.cpu,
    memoryMiB: host.memoryMiB,
    hostIp,
    guestIp: host.guestIp,
    forwards: host.forwards.map(({ name, guestPort, hostPort, protocol }) => ({ name, guestPort, hostPort, protocol })),
    createdAt: host.createdAt,
    startedAt: host.startedAt,
    ...(host.stoppedAt !== undefined && { stoppedAt: host.stoppedAt }),
  };
}
