import type { Assignment, Command, DesiredNode, Report, TemplateImage } from '#domain';
import type { Heartbeat } from '#events';
import { MemoryCommandQueue, MemoryDesiredState, MemoryHeartbeats, MemoryNats, VirtualClock } from '#events/testing';
import { NodeAgent } from '../agent/agent.js';
import { type AgentObserver, SILENT } from '../agent/observer.js';
import { type AgentOptions, DEFAULT_OPTIONS } from '../agent/options.js';
import { MemoryLayerSink } from '../images/memory-layer-sink.js';
import { MemoryVmNotes } from '../notes/memory-vm-notes.js';
import type { ScriptSource } from '../scripts/script-source.js';
import { Life } from './mortal.js';
import { TestCache } from './test-cache.js';
import { TestHost } from './test-host.js';

export const IMAGE: TemplateImage = {
  templateId: 'macos',
  templateName: 'macOS',
  tag: 'v1',
  version: 0,
  arch: 'amd64',
  disk: { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 1 },
};

/** One node with its host, its notes and a NATS server; the agent can be killed and started again. */
export class AgentWorld {
  readonly clock = new VirtualClock(1_700_000_000_000);
  readonly nats = new MemoryNats(this.clock);
  readonly host = new TestHost(this.clock);
  readonly cache = new TestCache(this.clock);
  readonly notes = new MemoryVmNotes();
  readonly layers = new MemoryLayerSink();
  readonly faults: string[] = [];
  readonly beats: Heartbeat[] = [];
  readonly scripts: ScriptSource = { fetch: async ({ digest }) => Buffer.from(digest) };
  readonly #desired = new MemoryDesiredState(this.nats.connect('control-plane'));
  #boots = 0;
  #life = new Life();
  agent!: NodeAgent;
  options: AgentOptions = DEFAULT_OPTIONS;
  asOf = 0;

  constructor(readonly nodeId = 'node-1') {
    this.cache.templates.push({ templateId: IMAGE.templateId, tag: IMAGE.tag, sizeBytes: 1 });
    new MemoryHeartbeats(this.nats.connect('ear')).subscribe((beat) => this.beats.push(beat));
  }

  /** Starts the agent, or the next life of it, and lets it come up. */
  async start(observer: Partial<AgentObserver> = {}): Promise<void> {
    const link = this.nats.connect(this.nodeId);
    const life = (this.#life = new Life());
    const fault = (doing: string, _: string, cause: unknown): void =>
      void this.faults.push(`${doing}: ${String(cause)}`);
    this.agent = new NodeAgent(
      {
        nodeId: this.nodeId,
        bootId: `boot${++this.#boots}`,
        facts: {
          name: 'Node One',
          host: '192.0.2.7',
          arch: 'amd64',
          cpuCount: 8,
          memoryMiB: 16384,
          driver: 'simulated',
          driverVersion: '1',
          agentVersion: '0',
        },
        config: { capacityMode: 'number', capacity: 10, vcpuOverride: 0, memoryMiBOverride: 0, drain: false },
      },
      {
        clock: life.of(this.clock),
        queue: life.of(new MemoryCommandQueue(link)),
        desired: life.of(new MemoryDesiredState(link)),
        heartbeats: life.of(new MemoryHeartbeats(link)),
        driver: life.of(this.host),
        cache: life.of(this.cache),
        scripts: life.of(this.scripts),
        layers: life.of(this.layers),
        notes: life.of(this.notes),
        gauge: { read: () => ({ cpuUtil: 0.1, ramUtil: 0.2, diskBytes: 100, freeDiskBytes: 50 }) },
        observer: { ...SILENT, fault, ...observer },
      },
      this.options,
    );
    const started = this.agent.start();
    await this.clock.advanceBy(0);
    void started;
  }

  /** As SIGKILL does: nothing of the agent goes on; what it had asked of the host does. */
  crash(): void {
    this.#life.end();
  }

  /** What the control plane wishes from now on. */
  async wish(...vms: Assignment[]): Promise<void> {
    this.asOf = Math.max(this.asOf + 1, ...vms.map(({ epoch }) => epoch));
    await this.put({ asOf: this.asOf, vms });
  }

  async put(desired: DesiredNode): Promise<void> {
    const done = this.#desired.put(this.nodeId, desired);
    await this.clock.advanceBy(0);
    await done;
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceBy(ms);
  }

  /** All reports in the order of their arrival. */
  get reports(): Report[] {
    return Array.from({ length: this.nats.commands.last }, (_, index) => {
      const message = JSON.parse(this.nats.commands.at(index + 1).text) as { type: string; data: object };
      return { type: message.type.split('.').at(-1), ...message.data } as Command as Report;
    });
  }

  /** Types of the reports about VMs: `Started vm-1`. */
  get told(): string[] {
    return this.reports.flatMap((report) =>
      'vmId' in report ? [`${report.type.replace('ReportVM', '')} ${report.vmId}`] : [],
    );
  }
}

/** A wish for a VM, present and not yet started unless told otherwise. */
export function wishFor(vmId: string, epoch: number, rest: Partial<Assignment> = {}): Assignment {
  return {
    vmId,
    epoch,
    wish: 'present',
    started: false,
    restarts: 0,
    image: IMAGE,
    cpu: 2,
    memoryMiB: 1024,
    forwards: [],
    ...rest,
  };
}
