import type { Assignment, DesiredNode, NodeConfig, NodeFacts, Report } from '#domain';
import type { Heartbeat } from '#events';

/** From the wish to the report, ms: the guest answers after so long. */
const BOOT_MS = 100;

export interface LeanTemplate {
  readonly templateId: string;
  readonly tag: string;
}

/**
 * A node that boots whatever it is told to, and of each VM remembers no more than that it did: its newest epoch is all, since VMs are
 * wished in the order of their epochs and every value names all that are wished.
 */
export class LeanNode {
  private newestEpoch = 0;
  private vmCount = 0;
  private nextPort = 10_000;

  constructor(
    private readonly nodeId: string,
    private readonly bootId: string,
    private readonly facts: NodeFacts,
    private readonly tell: (nodeId: string, report: Report) => void,
  ) {}

  join(capacity: number, cached: readonly LeanTemplate[]): void {
    const config: NodeConfig = {
      capacityMode: 'number',
      capacity,
      vcpuOverride: 0,
      memoryMiBOverride: 0,
      drain: false,
    };
    this.tell(this.nodeId, { type: 'RegisterNode', nodeId: this.nodeId, facts: this.facts, config, cached });
  }

  wish({ vms }: DesiredNode): void {
    const fresh = vms.filter(({ epoch }) => epoch > this.newestEpoch);
    if (fresh.length === 0) return;
    this.newestEpoch = Math.max(...fresh.map(({ epoch }) => epoch));
    const beganAt = Date.now();
    setTimeout(() => this.booted(fresh, beganAt), BOOT_MS);
  }

  beat(intervalMs: number): Heartbeat {
    const { nodeId, bootId, vmCount } = this;
    const gauges = { cpuUtil: 0.5, ramUtil: 0.5, diskBytes: 1e12, freeDiskBytes: 5e11 };
    return { nodeId, bootId, ...gauges, vmCount, pulls: {}, intervalMs };
  }

  private booted(vms: readonly Assignment[], beganAt: number): void {
    this.vmCount += vms.length;
    for (const { vmId, epoch, cpu, memoryMiB, forwards } of vms) {
      const instance = {
        ...{ uuid: vmId, name: `vm-${vmId}`, status: 'running' as const, cpu, memoryMiB },
        ...{ hostIp: this.facts.host, guestIp: '10.0.2.15' },
        forwards: forwards.map(({ name, guestPort, hostPort }) => ({
          ...{ name, guestPort, hostPort: hostPort ?? this.nextPort++, protocol: 'tcp' as const },
        })),
        ...{ createdAt: beganAt, startedAt: beganAt },
      };
      this.tell(this.nodeId, { type: 'ReportVMStarted', nodeId: this.nodeId, vmId, epoch, instance });
    }
  }
}
