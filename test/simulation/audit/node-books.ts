import type { CloudEvent } from '#events';

/** What a VM takes of its node. */
export interface Need {
  readonly arch?: string;
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** Memory that a host keeps for itself where resources are counted, MiB; and how often a core may be given away. */
const RESERVE_MIB = 2048;
const VCPU_PER_CORE = 2;

interface Config {
  capacityMode?: string;
  capacity?: number;
  vcpuOverride?: number;
  memoryMiBOverride?: number;
  drain?: boolean;
}

interface Facts {
  arch?: string;
  cpuCount?: number;
  memoryMiB?: number;
}

/** One node by the books: what it said of itself, how it is configured, who sits there. */
export class NodeBook {
  readonly seats = new Map<string, Need>();
  /** Of those with a seat, the ones that are powered off and take no room. */
  private readonly off = new Set<string>();
  private config: Config = {};
  private facts: Facts = {};
  private isAway = false;
  private isGone = false;

  read(type: string, data: CloudEvent['data']): void {
    this.facts = { ...this.facts, ...(data['facts'] as Facts | undefined) };
    this.config = { ...this.config, ...(data['config'] as Config | undefined) };
    if (type === 'NodeOffline') this.isAway = true;
    if (type === 'NodeOnline') this.isAway = false;
    if (type === 'DeleteNode' || type === 'NodeUnregistered') this.isGone = true;
    if (type === 'NodeRegistered') this.isAway = this.isGone = false;
  }

  sit(vmId: string, need: Need): void {
    this.seats.set(vmId, need);
    this.off.delete(vmId);
  }

  leave(vmId: string): void {
    this.seats.delete(vmId);
    this.off.delete(vmId);
  }

  power(vmId: string, isOn: boolean): void {
    if (isOn) this.off.delete(vmId);
    else if (this.seats.has(vmId)) this.off.add(vmId);
  }

  /** How full it is beyond what it can hold; undefined when it is not. */
  excess(): string | undefined {
    return this.excessWith({ cpu: 0, memoryMiB: 0 }, 0);
  }

  /** Why the node must not take such a VM, whoever sits there. */
  closedTo({ arch }: Need): string | undefined {
    if (this.isGone) return 'has left the fleet';
    if (this.isAway) return 'is silent';
    if (this.config.drain === true) return 'is draining';
    return arch !== undefined && this.facts.arch !== undefined && arch !== this.facts.arch
      ? `is ${this.facts.arch} and not ${arch}`
      : undefined;
  }

  couldTake(need: Need): boolean {
    return this.closedTo(need) === undefined && this.excessWith(need, 1) === undefined;
  }

  private excessWith(more: Need, count: number): string | undefined {
    const { capacityMode, capacity = 0, vcpuOverride, memoryMiBOverride } = this.config;
    let [cpu, memoryMiB] = [more.cpu, more.memoryMiB];
    const taken = this.seats.size - this.off.size + count;
    if (capacityMode !== 'resource') return taken > capacity ? `holds ${taken} of ${capacity}` : undefined;
    for (const [vmId, need] of this.seats) {
      if (this.off.has(vmId)) continue;
      cpu += need.cpu;
      memoryMiB += need.memoryMiB;
    }
    const cpuLimit = vcpuOverride || (this.facts.cpuCount ?? 0) * VCPU_PER_CORE;
    const memoryLimit = memoryMiBOverride || Math.max(0, (this.facts.memoryMiB ?? 0) - RESERVE_MIB);
    if (cpu > cpuLimit) return `holds ${cpu} of ${cpuLimit} vCPUs`;
    return memoryMiB > memoryLimit ? `holds ${memoryMiB} of ${memoryLimit} MiB` : undefined;
  }
}
