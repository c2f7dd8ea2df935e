import type { Clock } from '#events';
import { MemoryCommandQueue, MemoryDesiredState, MemoryHeartbeats, type MemoryNats } from '#events/testing';
import { NodeAgent } from '../agent/agent.js';
import { SILENT } from '../agent/observer.js';
import { type AgentOptions, DEFAULT_OPTIONS } from '../agent/options.js';
import { SIMULATED_DEFAULTS } from '../drivers/simulated/options.js';
import { SimulatedDriver } from '../drivers/simulated/simulated-driver.js';
import { MemoryLayerSink } from '../images/memory-layer-sink.js';
import { SimulatedTemplateCache } from '../images/simulated-template-cache.js';
import { MemoryVmNotes } from '../notes/memory-vm-notes.js';

/** A node as it ships for demos and load, on a server in memory. */
export function simulatedNode(
  nodeId: string,
  nats: MemoryNats,
  clock: Clock,
  {
    capacity = 10,
    bootMs = 2000,
    options = {},
  }: { capacity?: number; bootMs?: number; options?: Partial<AgentOptions> } = {},
): { agent: NodeAgent; driver: SimulatedDriver } {
  const link = nats.connect(nodeId);
  const driver = new SimulatedDriver({
    ...SIMULATED_DEFAULTS,
    clock,
    random: () => 0.5,
    bootMsMin: bootMs,
    bootMsMax: bootMs,
  });
  const facts = { name: nodeId, host: '192.0.2.1', driver: 'simulated', driverVersion: '1', agentVersion: '0' };
  const agent = new NodeAgent(
    {
      nodeId,
      bootId: 'b1',
      facts: { ...facts, arch: 'amd64', cpuCount: 8, memoryMiB: 32_768 },
      config: { capacityMode: 'number', capacity, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
    },
    {
      clock,
      queue: new MemoryCommandQueue(link),
      desired: new MemoryDesiredState(link),
      heartbeats: new MemoryHeartbeats(link),
      driver,
      cache: new SimulatedTemplateCache(clock, 1e9),
      scripts: { fetch: async () => new Uint8Array() },
      layers: new MemoryLayerSink(),
      notes: new MemoryVmNotes(),
      gauge: { read: () => ({ cpuUtil: 0, ramUtil: 0, diskBytes: 1, freeDiskBytes: 1 }) },
      observer: SILENT,
    },
    { ...DEFAULT_OPTIONS, ...options },
  );
  return { agent, driver };
}
