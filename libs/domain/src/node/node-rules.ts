import type { Cluster } from '../cluster.js';
import type { NodeId } from '../ids.js';
import { MAX_CACHED_TEMPLATES, MAX_NAME_LENGTH, MAX_NODE_CAPACITY } from '../limits.js';
import { MAX_NODE_CPUS, MAX_NODE_MEMORY_MIB, MAX_UNKNOWN_VMS } from '../limits.js';
import { notOneOf, outOfRange, type Refusal } from '../refusal.js';
import { tooLong } from '../vm/request-rules.js';
import { refuseOffers, refuseTerms } from './offer-rules.js';
import {
  ARCHITECTURES,
  CAPACITY_MODES,
  type CachedTemplate,
  LICENCES,
  type NodeConfig,
  type NodeFacts,
} from './node.js';

export function refuseUnknownNodes({ nodes }: Pick<Cluster, 'nodes'>, nodeIds: Iterable<string>): Refusal | undefined {
  for (const nodeId of nodeIds) {
    const node = nodes.get(nodeId as NodeId);
    if (node === undefined || node.deleted) return { code: 'NODE_UNKNOWN', nodeId };
  }
  return undefined;
}

export function refuseFacts(facts: NodeFacts): Refusal | undefined {
  return (
    refuseAddress(facts) ??
    notOneOf('arch', facts.arch, ARCHITECTURES) ??
    outOfRange('cpuCount', facts.cpuCount, 1, MAX_NODE_CPUS) ??
    outOfRange('memoryMiB', facts.memoryMiB, 1, MAX_NODE_MEMORY_MIB) ??
    refuseOffers(facts) ??
    (facts.licence === undefined ? undefined : notOneOf('licence', facts.licence, LICENCES))
  );
}

export function refuseAddress({ name, host }: Partial<NodeFacts>): Refusal | undefined {
  return tooLong('name', name, MAX_NAME_LENGTH) ?? tooLong('host', host, MAX_NAME_LENGTH);
}

export function refuseCached(cached: readonly CachedTemplate[]): Refusal | undefined {
  return outOfRange('cached', cached.length, 0, MAX_CACHED_TEMPLATES);
}

export function refuseUnknownVms(vms = 0): Refusal | undefined {
  return outOfRange('unknownVms', vms, 0, MAX_UNKNOWN_VMS);
}

/** Checks the fields that are there. They are named as operators know them. */
export function refuseConfig(config: Partial<NodeConfig>): Refusal | undefined {
  const { capacityMode, capacity, vcpuOverride, memoryMiBOverride } = config;
  return (
    (capacityMode === undefined ? undefined : notOneOf('capacity_mode', capacityMode, CAPACITY_MODES)) ??
    (capacity === undefined ? undefined : outOfRange('max_vm_count', capacity, 0, MAX_NODE_CAPACITY)) ??
    (vcpuOverride === undefined ? undefined : outOfRange('vcpu_override', vcpuOverride, 0, MAX_NODE_CPUS)) ??
    (memoryMiBOverride === undefined
      ? undefined
      : outOfRange('ram_override', memoryMiBOverride, 0, MAX_NODE_MEMORY_MIB)) ??
    refuseTerms(config)
  );
}

/** The fields that are known and set: an absent one must not overwrite what is true. */
export function givenConfig(config: Partial<NodeConfig>): Partial<NodeConfig> {
  const { capacityMode, capacity, vcpuOverride, memoryMiBOverride, drain } = config;
  const { reservePercent, tags, ignoreAppleLimit } = config;
  return {
    ...(capacityMode !== undefined && { capacityMode }),
    ...(capacity !== undefined && { capacity }),
    ...(vcpuOverride !== undefined && { vcpuOverride }),
    ...(memoryMiBOverride !== undefined && { memoryMiBOverride }),
    ...(drain !== undefined && { drain }),
    ...(reservePercent !== undefined && { reservePercent }),
    ...(tags !== undefined && { tags }),
    ...(ignoreAppleLimit !== undefined && { ignoreAppleLimit }),
  };
}
