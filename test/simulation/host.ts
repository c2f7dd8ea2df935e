import type { NodeConfig, NodeFacts } from '#domain';
import type { Clock } from '#events';
import { SIMULATED_DEFAULTS } from '../../apps/node-agent/src/drivers/simulated/options.js';
import { SimulatedDriver } from '../../apps/node-agent/src/drivers/simulated/simulated-driver.js';
import type { LayerSink } from '../../apps/node-agent/src/images/layer-sink.js';
import { MemoryLayerSink } from '../../apps/node-agent/src/images/memory-layer-sink.js';
import { SimulatedTemplateCache } from '../../apps/node-agent/src/images/simulated-template-cache.js';
import { MemoryVmNotes } from '../../apps/node-agent/src/notes/memory-vm-notes.js';
import type { Random } from './random.js';

/** What survives of a node when its agent dies: the VMs, the cached templates, the notes on its disk. */
export interface Host {
  readonly identity: { readonly nodeId: string; readonly facts: NodeFacts; readonly config: NodeConfig };
  readonly driver: SimulatedDriver;
  readonly cache: SimulatedTemplateCache;
  readonly notes: MemoryVmNotes;
  readonly layers: LayerSink;
}

export interface HostPlan {
  readonly nodeId: string;
  readonly capacity: number;
  readonly failureRate: number;
}

/** Longest that a host takes to upload a layer. */
const MAX_UPLOAD_MS = 20_000;
const PULL_BYTES_PER_SECOND = 100_000_000;

export function makeHost(plan: HostPlan, clock: Clock, random: Random): Host {
  const { arch, cpuCount, memoryMiB } = SIMULATED_DEFAULTS;
  return {
    identity: {
      nodeId: plan.nodeId,
      facts: {
        name: plan.nodeId,
        host: '127.0.0.1',
        arch,
        cpuCount,
        memoryMiB,
        driver: 'simulated',
        driverVersion: '1',
        agentVersion: '1',
      },
      config: { capacityMode: 'number', capacity: plan.capacity, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
    },
    driver: new SimulatedDriver({
      ...SIMULATED_DEFAULTS,
      clock,
      random: () => random.next(),
      failureRate: plan.failureRate,
      script: () => ({
        returnCode: random.chance(plan.failureRate) ? 1 : 0,
        didTimeout: false,
        stdout: '',
        stderr: '',
      }),
    }),
    cache: new SimulatedTemplateCache(clock, PULL_BYTES_PER_SECOND),
    notes: new MemoryVmNotes(),
    layers: slowLayers(clock, random, plan.failureRate),
  };
}

/** Uploads that take their time, and fail as often as starts do. */
function slowLayers(clock: Clock, random: Random, failureRate: number): LayerSink {
  const store = new MemoryLayerSink();
  return {
    put: async (layer, signal) => {
      await clock.sleep(random.between(0, MAX_UPLOAD_MS), signal);
      if (random.chance(failureRate)) throw new Error('the store does not answer');
      await store.put(layer, signal);
    },
  };
}
