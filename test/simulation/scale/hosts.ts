import type { Arch, NodeConfig } from '#domain';
import type { NodePlan } from './plan.js';

/** One node in so many has an arm64 processor, and one in so many counts cores and memory instead of VMs. */
const ARM_EVERY = 4;
const RESOURCE_EVERY = 5;
const NUMBER_CAPACITY = 4;
/** 10 Gbit/s, and what a registry and a disk leave of it. */
const PULL_BYTES_PER_SECOND = 500_000_000;

const NUMBER_MODE: NodeConfig = {
  capacityMode: 'number',
  capacity: NUMBER_CAPACITY,
  vcpuOverride: 0,
  memoryMiBOverride: 0,
  drain: false,
};

/** A fleet of mostly equal hosts: four VMs each; some count resources, some are arm64. */
export function makeNodes(count: number): Omit<NodePlan, 'seats'>[] {
  return Array.from({ length: count }, (_, index) => {
    const nodeId = `node-${String(index + 1).padStart(4, '0')}`;
    const arch: Arch = index % ARM_EVERY === 1 ? 'arm64' : 'amd64';
    const isResource = index % RESOURCE_EVERY === 2;
    return {
      nodeId,
      facts: {
        name: nodeId,
        host: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
        arch,
        cpuCount: isResource ? 16 : 12,
        memoryMiB: isResource ? 67_584 : 32_768,
        driver: 'simulated',
        driverVersion: '1',
        agentVersion: '1',
      },
      config: isResource ? { ...NUMBER_MODE, capacityMode: 'resource' } : NUMBER_MODE,
      cached: [],
      pullBytesPerSecond: PULL_BYTES_PER_SECOND,
      failureRate: 0,
    };
  });
}

/** What a VM takes of a node. */
export interface Size {
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** About how many VMs of that size the node holds. */
export function seatsOf({ config, facts }: Pick<NodePlan, 'config' | 'facts'>, size: Size): number {
  if (config.capacityMode === 'number') return config.capacity;
  return Math.max(1, Math.min((facts.cpuCount * 2) / size.cpu, (facts.memoryMiB - 2048) / size.memoryMiB));
}
