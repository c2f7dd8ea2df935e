import { type Cluster, type Command, placementOf, type VmId } from '#domain';

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

/** The node says that the VM, which has a seat on it, runs. */
export const reportStarted = (nodeId: string, vmId: string, cluster: Cluster): Command => {
  const vm = cluster.vms.get(vmId as VmId);
  return {
    type: 'ReportVMStarted',
    nodeId,
    vmId,
    epoch: (vm && placementOf(vm)?.epoch) ?? -1,
    instance: {
      uuid: vmId,
      name: vmId,
      status: 'running',
      cpu: 1,
      memoryMiB: 128,
      hostIp: '127.0.0.1',
      guestIp: '10.0.2.15',
      forwards: [],
      createdAt: 1,
      startedAt: 1,
    },
  };
};
