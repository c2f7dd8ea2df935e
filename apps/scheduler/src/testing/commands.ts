import type { Command } from '#domain';

const DIGEST = `sha256:${'a'.repeat(64)}`;

export const pushTemplate: Command = {
  type: 'PushTemplate',
  templateId: 't1',
  name: 'debian',
  arch: 'amd64',
  tag: 'v1',
  description: '',
  disk: { digest: DIGEST, sizeBytes: 1 },
  cpu: 1,
  memoryMiB: 128,
  forwards: [{ name: 'ssh', guestPort: 22 }],
};

export const registerNode = (nodeId: string, capacity = 2): Command => ({
  type: 'RegisterNode',
  nodeId,
  facts: {
    name: nodeId,
    host: '127.0.0.1',
    arch: 'amd64',
    cpuCount: 4,
    memoryMiB: 8192,
    driver: 'simulated',
    driverVersion: '1',
    agentVersion: '1',
  },
  config: { capacityMode: 'number', capacity, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
  cached: [],
});

export const startVm = (...vmIds: string[]): Command => ({ type: 'StartVM', vmIds, request: { templateId: 't1' } });
