import type { Command, HostInstance, NodeConfig, NodeFacts, PushTemplateCommand, ScriptResult } from '#domain';
import type { Heartbeat } from '#events';
import type { House } from './house.contract.js';

export const TEMPLATE_ID = '7e3a1d00-2222-4b6c-6d6e-000000000009';
const GIB = 1024 ** 3;

const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A push of a version that no other shares its disk with. */
export function push(tag: string, digit: string, changes: Partial<PushTemplateCommand> = {}): PushTemplateCommand {
  return {
    type: 'PushTemplate',
    templateId: TEMPLATE_ID,
    name: 'macos',
    arch: 'arm64',
    tag,
    description: '',
    disk: { digest: digestOf(digit), sizeBytes: 20 * GIB },
    cpu: 4,
    memoryMiB: 8192,
    forwards: [{ name: 'ssh', guestPort: 22 }],
    ...changes,
  };
}

/** A node that joins. */
export function join(
  nodeId: string,
  { facts, config }: { facts?: Partial<NodeFacts>; config?: Partial<NodeConfig> } = {},
): Command {
  return {
    type: 'RegisterNode',
    nodeId,
    facts: {
      name: `${nodeId}.example`,
      host: '10.0.0.11',
      arch: 'arm64',
      cpuCount: 8,
      memoryMiB: 32_768,
      driver: 'tart',
      driverVersion: '2.20.0',
      agentVersion: '0.1.0',
      ...facts,
    },
    config: { capacityMode: 'number', capacity: 2, vcpuOverride: 0, memoryMiBOverride: 0, drain: false, ...config },
    cached: [],
  };
}

export function beat(nodeId: string, changes: Partial<Heartbeat> = {}): Heartbeat {
  return {
    nodeId,
    bootId: 'boot-1',
    cpuUtil: 0.12,
    ramUtil: 0.25,
    diskBytes: 994_662_584_320,
    freeDiskBytes: 306_762_862_592,
    vmCount: 0,
    pulls: {},
    intervalMs: 5000,
    ...changes,
  };
}

/** The VM as its host would describe it. */
export function instance(changes: Partial<HostInstance> = {}): HostInstance {
  return {
    uuid: '0b0b0b0b-4444-4d8e-4f90-000000000004',
    name: 'mgmtManaged-macos-1772359205000000000',
    status: 'running',
    cpu: 4,
    memoryMiB: 8192,
    hostIp: '10.0.0.11',
    guestIp: '192.168.64.7',
    forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_000, protocol: 'tcp' }],
    createdAt: Date.UTC(2026, 1, 1, 9),
    startedAt: Date.UTC(2026, 2, 1, 10, 0, 5),
    ...changes,
  };
}

export const SCRIPT_OK: ScriptResult = { returnCode: 0, didTimeout: false, stdout: 'ready\n', stderr: '' };
export const SCRIPT_BAD: ScriptResult = { returnCode: 1, didTimeout: false, stdout: '', stderr: 'boom\n' };

/** The seat that the VM has now; throws when it has none. */
export function seatOf(house: House, vmId: string): { nodeId: string; vmId: string; epoch: number } {
  const phase = house.cluster.vms.get(vmId as never)?.phase;
  if (phase === undefined || !('at' in phase) || phase.at === undefined) throw new Error(`VM ${vmId} has no seat`);
  return { vmId, nodeId: phase.at.nodeId, epoch: phase.at.epoch };
}
