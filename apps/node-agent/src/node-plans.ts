import { join } from 'node:path';
import { MAX_DISK_BYTES, type NodeFacts } from '#domain';
import type { Clock } from '#events';
import { AGENT_VERSION, type AgentConfig } from './agent.config.js';
import type { DriverCapabilities } from './drivers/driver.js';
import { QemuDriver } from './drivers/qemu/qemu-driver.js';
import { SIMULATED_DEFAULTS } from './drivers/simulated/options.js';
import { SimulatedDriver } from './drivers/simulated/simulated-driver.js';
import { simulatedDuration, simulatedOutcome } from './drivers/simulated/simulated-shell.js';
import type { NodePlan } from './fleet.js';
import { bindAddress } from './host/bind-address.driver.js';
import { HttpBlobSource } from './images/blob-source.http.js';
import { NodeTemplateCache } from './images/node-template-cache.js';
import { SimulatedTemplateCache } from './images/simulated-template-cache.js';
import { MemoryVmNotes } from './notes/memory-vm-notes.js';
import { FileVmNotes } from './notes/vm-notes.driver.js';

/** A simulated host has room for as many, unless the operator says otherwise. */
const SIMULATED_CAPACITY = 100;
const MIN_QEMU_CAPACITY = 2;

/** The one node that this host is. Rejects when the host can run no VM. */
export async function realNode(
  config: AgentConfig,
  nodeId: string,
  clock: Clock,
  log: (line: string) => void,
): Promise<NodePlan> {
  const { nodeDir, api } = config;
  const driver = new QemuDriver({ nodeDir, log, hostIp: bindAddress(config.host) });
  const capabilities = await driver.probe();
  const source = new HttpBlobSource({ apiUrl: api.apiUrl, authorization: () => api.authorization });
  return {
    nodeId,
    facts: factsOf(config, nodeId, capabilities),
    capacity: config.capacity ?? Math.max(MIN_QEMU_CAPACITY, 2 * capabilities.cpuCount),
    reservePercent: config.reservePercent,
    own: {
      driver,
      cache: new NodeTemplateCache({ nodeDir, source, clock, reservePercent: config.reservePercent }),
      notes: await FileVmNotes.open(join(nodeDir, 'vms.jsonl')),
    },
  };
}

/** The node as it says how large the disk of its templates is; a size that is not known, or beyond belief, it does not say. */
export function withDisk(plan: NodePlan, diskBytes: number): NodePlan {
  if (diskBytes <= 0 || diskBytes > MAX_DISK_BYTES) return plan;
  return { ...plan, facts: { ...plan.facts, diskBytes } };
}

/** Nodes that only pretend; with more than one, their ids are numbered. */
export async function simulatedNodes(
  config: AgentConfig,
  nodeId: string,
  clock: Clock,
  chance: () => number,
): Promise<NodePlan[]> {
  const { nodes, bootMs, failureRate, pullBytesPerSecond } = config.simulated;
  const ids = nodes === 1 ? [nodeId] : Array.from({ length: nodes }, (_, index) => numbered(nodeId, index + 1));
  return Promise.all(
    ids.map(async (id) => {
      const driver = new SimulatedDriver({
        ...SIMULATED_DEFAULTS,
        clock,
        random: chance,
        bootMsMin: bootMs,
        bootMsMax: bootMs,
        failureRate,
        scriptMs: simulatedDuration,
        script: simulatedOutcome,
      });
      return {
        nodeId: id,
        facts: factsOf(config, id, await driver.probe()),
        capacity: config.capacity ?? SIMULATED_CAPACITY,
        reservePercent: config.reservePercent,
        own: { driver, cache: new SimulatedTemplateCache(clock, pullBytesPerSecond), notes: new MemoryVmNotes() },
      };
    }),
  );
}

const numbered = (nodeId: string, number: number): string => `${nodeId}-${String(number).padStart(4, '0')}`;

function factsOf(config: AgentConfig, nodeId: string, found: DriverCapabilities): NodeFacts {
  return {
    name: nodeId,
    host: config.host,
    arch: found.arch,
    cpuCount: found.cpuCount,
    memoryMiB: found.memoryMiB,
    driver: found.driver,
    driverVersion: `${found.version} (${found.accelerator})`,
    agentVersion: AGENT_VERSION,
    ...config.offer,
  };
}
