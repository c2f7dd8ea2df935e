import type { Assignment, HostInstance } from '#domain';
import type { NodePlan } from './plan.js';

const FIRST_HOST_PORT = 10_000;
const HOST_PORTS = 50_000;

/** The VM as its host describes it when it runs. */
export function instanceOf({ facts }: NodePlan, wish: Assignment, startedAt: number): HostInstance {
  return {
    uuid: `${wish.vmId}.${wish.epoch}`,
    name: wish.vmId,
    status: 'running',
    cpu: wish.cpu,
    memoryMiB: wish.memoryMiB,
    hostIp: facts.host,
    guestIp: '10.0.2.15',
    forwards: wish.forwards.map(({ name, guestPort, hostPort }, index) => ({
      name,
      guestPort,
      hostPort: hostPort ?? FIRST_HOST_PORT + ((wish.epoch + index) % HOST_PORTS),
      protocol: 'tcp',
    })),
    createdAt: startedAt,
    startedAt,
  };
}
