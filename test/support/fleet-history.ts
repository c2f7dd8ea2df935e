import { type Command, decide, emptyCluster, type Outcome, type RecordedEvent } from '#domain';
import type { HostInstance, PushTemplateCommand } from '#domain';

const START_TIME = Date.UTC(2026, 0, 1);
const NODE_CAPACITY = 64;
/** A VM of these histories lives for this many ticks. */
const LIFE_TICKS = 40;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface HistoryOptions {
  readonly nodes?: number;
  readonly seed?: number;
}

/**
 * The life of a fleet as the real deciders tell it: VMs are asked for, placed, started, changed, restarted, lost and ended, nodes go and
 * come. Every event is one that the control plane would have written.
 */
export class FleetHistory {
  readonly cluster = emptyCluster();
  private readonly random: () => number;
  private readonly ends: { vmId: string; tick: number }[] = [];
  private commands = 0;
  private vms = 0;
  private ticks = 0;
  time = START_TIME;

  constructor(private readonly options: HistoryOptions = {}) {
    this.random = randomFrom(options.seed ?? 1);
  }

  /** Decides one command; the events it caused are returned. */
  tell(command: Command, actor = 'root'): { outcome: Outcome; events: readonly RecordedEvent[] } {
    const sequence = ++this.commands;
    const id = `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`;
    const cause = { sequence, id, commandType: command.type, actor, correlationId: id };
    return decide(this.cluster, { cause, time: this.time, command });
  }

  /** Templates and nodes, without which nothing can be placed. */
  found(): RecordedEvent[] {
    const commands: Command[] = [template('ubuntu', 'v1'), template('ubuntu', 'v2'), template('debian', 'v1')];
    for (let n = 0; n < (this.options.nodes ?? 4); n++) commands.push(registration(`node-${n}`));
    return commands.flatMap((command) => [...this.tell(command).events]);
  }

  /** A little time passes: a VM is asked for, and each that waits for something gets on with its life. */
  tick(): RecordedEvent[] {
    this.time += 500;
    this.ticks++;
    const events = [...this.start()];
    events.push(...this.nodesGoAndCome());
    while (this.ends[0] !== undefined && this.ends[0].tick <= this.ticks) events.push(...this.end());
    events.push(...this.tell({ type: 'RunTimers' }, 'control-plane').events);
    return events;
  }

  private start(): RecordedEvent[] {
    const vmId = `vm-${++this.vms}`;
    const request = {
      templateId: this.random() < 0.7 ? 'ubuntu' : 'debian',
      name: `build-${this.vms}`,
      externalId: `https://ci.example.com/job/${this.vms % 1000}/${this.vms}`,
      metadata: { pipeline: `p${this.vms % 50}`, attempt: 1 },
      priority: 1 + Math.floor(this.random() * 1000),
    };
    const events = [...this.tell({ type: 'StartVM', vmIds: [vmId], request }).events];
    this.ends.push({ vmId, tick: this.ticks + LIFE_TICKS });
    for (const pending of this.assigned(vmId)) events.push(...this.boot(pending));
    return events;
  }

  /** The VM itself, when it was placed. */
  private assigned(vmId: string): { nodeId: string; vmId: string; epoch: number }[] {
    const phase = this.cluster.vms.get(vmId as never)?.phase;
    return phase?.name === 'assigned' ? [{ nodeId: phase.at.nodeId, vmId, epoch: phase.at.epoch }] : [];
  }

  private boot(seat: { nodeId: string; vmId: string; epoch: number }): RecordedEvent[] {
    const chance = this.random();
    const told: Command[] = [];
    if (chance < 0.3) told.push({ type: 'ReportVMPulling', ...seat }, { type: 'ReportVMPulled', ...seat });
    if (chance < 0.05) {
      told.push({ type: 'ReportVMStartFailed', ...seat, message: 'boot failed', retryable: chance < 0.03 });
    } else told.push({ type: 'ReportVMStarted', ...seat, instance: this.instance(seat.vmId) });
    if (chance > 0.9) told.push({ type: 'UpdateVM', vmId: seat.vmId, metadata: { attempt: 2, stage: 'test' } });
    if (chance > 0.95) told.push(...this.restart(seat));
    if (chance > 0.98) told.push({ type: 'ReportVMLost', ...seat, message: 'qemu is gone' });
    return told.flatMap((command) => [...this.tell(command, `node/${seat.nodeId}`).events]);
  }

  private restart(seat: { nodeId: string; vmId: string; epoch: number }): Command[] {
    const restarted = { ...this.instance(seat.vmId), startedAt: this.time + 1 };
    const stopped = { ...restarted, status: 'stopped' as const, stoppedAt: this.time + 2 };
    return [
      { type: 'RestartVM', vmId: seat.vmId },
      { type: 'ReportVMRestarted', ...seat, instance: restarted, restarts: 1 },
      { type: 'ReportVMStopped', ...seat, instance: stopped },
    ];
  }

  private end(): RecordedEvent[] {
    const vmId = this.ends.shift()?.vmId ?? '';
    const events = [...this.tell({ type: 'TerminateVM', vmId }).events];
    const phase = this.cluster.vms.get(vmId as never)?.phase;
    if (phase?.name !== 'terminating') return events;
    const { nodeId, epoch } = phase.at;
    return [...events, ...this.tell({ type: 'ReportVMTerminated', nodeId, vmId, epoch }, `node/${nodeId}`).events];
  }

  private nodesGoAndCome(): RecordedEvent[] {
    if (this.random() > 0.02) return [];
    const nodeId = `node-${Math.floor(this.random() * (this.options.nodes ?? 4))}`;
    const told: Command[] = [
      { type: 'MarkNodeSilent', nodeId, lastBeatAt: this.time - 120_000 },
      { type: 'MarkNodeHeard', nodeId },
      { type: 'ConfigNode', nodeId, config: { drain: false } },
      { type: 'ReportTemplatePulled', nodeId, templateId: 'ubuntu', tag: 'v2' },
    ];
    if (this.random() < 0.1) told.push({ type: 'DeleteNode', nodeId }, registration(nodeId));
    return told.flatMap((command) => [...this.tell(command, `node/${nodeId}`).events]);
  }

  private instance(vmId: string): HostInstance {
    return {
      uuid: `00000000-0000-4000-9000-${vmId.slice(3).padStart(12, '0')}`,
      name: vmId,
      status: 'running',
      cpu: 2,
      memoryMiB: 512,
      hostIp: '10.0.0.7',
      guestIp: '10.0.2.15',
      forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_000 + (this.vms % 20_000), protocol: 'tcp' }],
      createdAt: this.time,
      startedAt: this.time,
    };
  }
}

const DIGEST = (letter: string): string => `sha256:${letter.repeat(64)}`;

function template(name: string, tag: string): PushTemplateCommand {
  return {
    type: 'PushTemplate',
    templateId: name,
    name,
    arch: 'amd64',
    tag,
    description: '',
    disk: { digest: DIGEST(tag === 'v1' ? 'a' : 'b'), sizeBytes: 1_000_000 },
    cpu: 2,
    memoryMiB: 512,
    forwards: [{ name: 'ssh', guestPort: 22 }],
  };
}

function registration(nodeId: string): Command {
  return {
    type: 'RegisterNode',
    nodeId,
    facts: {
      name: nodeId,
      host: '10.0.0.7',
      arch: 'amd64',
      cpuCount: 32,
      memoryMiB: 131_072,
      driver: 'simulated',
      driverVersion: '1',
      agentVersion: '1',
    },
    config: {
      capacityMode: 'number',
      capacity: NODE_CAPACITY,
      vcpuOverride: 0,
      memoryMiBOverride: 0,
      drain: false,
    },
    cached: [{ templateId: 'debian', tag: 'v1' }],
  };
}
