import {
  isFull,
  nodeState,
  type NodeState as DomainState,
  resourceLimits,
  slotsInUse,
  type TemplateVersion,
} from '#domain';
import type { HeardBeat } from '../../../vitals/node-vitals.js';
import type { GroupRow, NodeInUse, TemplateRow } from '../../../views/index.js';
import type { CachedTemplateDto, NodeDto, NodeState } from '../dto/node.dto.js';
import { LICENSE, withBuild } from '../version.js';
import { groupOf } from './group.js';
import { bytesOf } from './template.js';
import { timeOf } from './time.js';

const MIB_PER_GB = 1024;
/** Nothing here is licensed for a time; clients expect a date. */
const NEVER_EXPIRES = '31-dec-2099';

/** What a node's answer needs beyond its row. */
export interface NodeSurroundings {
  readonly templates: ReadonlyMap<string, TemplateRow>;
  /** All groups, the oldest first. */
  readonly groups: readonly GroupRow[];
  /** Its last heartbeat, if it was heard lately. */
  readonly beat?: HeardBeat;
  /** VMs on it that take room and did not fail, as far as it matters: see {@link needsCounting}. */
  readonly alive: number;
}

/** A host as GET node shows it (anka.md §3.5). Counts and sizes are whole and never negative: clients read them as unsigned. */
export function nodeOf(node: NodeInUse, { templates, groups, beat, alive }: NodeSurroundings): NodeDto {
  const { facts, config, use } = node;
  const used = { ...node, used: use };
  const seenAt = Math.max(node.updatedAt, beat?.heardAt ?? 0);
  const cached = cachedOf(node, templates);
  const memberOf = groups.filter(({ id }) => node.groups.includes(id));
  return {
    node_id: node.id,
    node_name: facts.name,
    cpu_count: facts.cpuCount,
    ram: Math.round(facts.memoryMiB / MIB_PER_GB),
    vm_count: slotsInUse(used),
    vcpu_count: use.cpu,
    vram: use.memoryMiB,
    cpu_util: fraction(beat?.cpuUtil),
    ram_util: fraction(beat?.ramUtil),
    ip_address: facts.host,
    state: STATES[nodeState(used, alive)],
    capacity: capacityOf(node),
    ...(memberOf.length > 0 && { groups: memberOf.map(groupOf) }),
    anka_version: {
      product: `Muster ${facts.driver}`,
      version: facts.driverVersion,
      build: '',
      license: LICENSE,
      expires: NEVER_EXPIRES,
    },
    usb_devices: facts.usbDevices?.length ? facts.usbDevices.map(({ id, group }) => ({ id, group })) : null,
    capacity_mode: config.capacityMode,
    vcpu_override: config.vcpuOverride,
    ram_override: Math.round(config.memoryMiBOverride / MIB_PER_GB),
    disk_size: whole(beat?.diskBytes),
    free_disk_space: whole(beat?.freeDiskBytes),
    anka_disk_usage: bytesOf(cached.map(({ version }) => version).filter((version) => version !== undefined)),
    host_arch: facts.arch,
    ...(cached.length > 0 && { templates: cached.map(({ shown }) => shown) }),
    last_updated: timeOf(seenAt),
    timestamp: Math.floor(seenAt / 1000),
    agent_version: withBuild(facts.agentVersion),
  };
}

/** What counts against the node is what counts in its mode: VMs, or virtual CPUs. */
export function capacityOf(node: NodeInUse): number {
  if (node.config.capacityMode === 'number') return node.config.capacity;
  return resourceLimits(node).cpu;
}

/** Whether the state of the node depends on how its VMs are: it is full, and runs none as far as it says itself. */
export function needsCounting(node: NodeInUse, beat: HeardBeat | undefined): boolean {
  return node.use.vms > 0 && isFull({ ...node, used: node.use }) && (beat?.vmCount ?? 0) === 0;
}

/** The states in the words of this dialect. */
const STATES: Readonly<Record<DomainState, NodeState>> = {
  active: 'Active',
  offline: 'Offline',
  unlicensed: 'Inactive (Invalid License)',
  draining: 'Drain Mode',
  unhealthy: 'Unhealthy',
};

function cachedOf(
  node: NodeInUse,
  templates: ReadonlyMap<string, TemplateRow>,
): { shown: CachedTemplateDto; version: TemplateVersion | undefined }[] {
  return node.cached.map(({ templateId, tag }) => {
    const template = templates.get(templateId);
    return {
      // A template that left the registry may still be in a cache; then only its id is known.
      shown: { uuid: templateId, name: template?.name ?? templateId, tag },
      version: template?.versions.find((version) => version.tag === tag),
    };
  });
}

const fraction = (value = 0): number => Math.min(1, Math.max(0, value));
const whole = (value = 0): number => Math.max(0, Math.round(value));
