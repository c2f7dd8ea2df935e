import { DEFAULT_POLICY, type Policy } from '#domain';
import type { Clock } from '#events';
import {
  MemoryCommandQueue,
  MemoryDesiredState,
  MemoryEventLog,
  MemoryExplainDesk,
  MemoryHeartbeats,
  MemoryLease,
  type MemoryLink,
  type MemoryNats,
} from '#events/testing';
import type { MemoryProjectionStore } from '../../apps/api/src/projections/memory-projection-store.js';
import { Projector } from '../../apps/api/src/projections/projector.js';
import { NodeAgent } from '../../apps/node-agent/src/agent/agent.js';
import { SILENT } from '../../apps/node-agent/src/agent/observer.js';
import { DEFAULT_OPTIONS } from '../../apps/node-agent/src/agent/options.js';
import { ControlPlane } from '../../apps/scheduler/src/control-plane/control-plane.js';
import { NodeWatch } from '../../apps/scheduler/src/control-plane/node-watch.js';
import type { Host } from './host.js';

/** Something that can be killed and started again; what it must remember lies outside of it. */
export interface SimulatedProcess {
  readonly name: string;
  start(): void;
  /** Dies in the middle of whatever it was doing. */
  kill(): void;
  readonly link: MemoryLink;
  readonly isUp: boolean;
}

abstract class Restartable implements SimulatedProcess {
  link!: MemoryLink;
  isUp = false;
  protected starts = 0;

  constructor(
    readonly name: string,
    protected readonly nats: MemoryNats,
    protected readonly clock: Clock,
  ) {}

  start(): void {
    this.starts++;
    this.link = this.nats.connect(`${this.name}#${this.starts}`);
    this.isUp = true;
    this.begin();
  }

  kill(): void {
    this.isUp = false;
    this.link.close();
    this.end();
  }

  protected abstract begin(): void;
  protected abstract end(): void;
}

export class ControlPlaneProcess extends Restartable {
  plane!: ControlPlane;

  constructor(
    name: string,
    nats: MemoryNats,
    clock: Clock,
    private readonly policy: Partial<Policy> = {},
  ) {
    super(name, nats, clock);
  }

  protected begin(): void {
    const { link, clock } = this;
    const nodeWatch = new NodeWatch(clock);
    new MemoryHeartbeats(link).subscribe(({ nodeId }) => nodeWatch.beat(nodeId));
    this.plane = new ControlPlane({
      commands: new MemoryCommandQueue(link),
      log: new MemoryEventLog(link),
      desired: new MemoryDesiredState(link),
      explainDesk: new MemoryExplainDesk(link),
      lease: new MemoryLease(link),
      clock,
      nodeWatch,
      policy: { ...DEFAULT_POLICY, ...this.policy },
      observer: { role: no, decided: no, struck: no, logKept: no, termEnded: no, fault: no },
      instanceId: `${this.name}#${this.starts}`,
    });
    this.plane.start();
  }

  protected end(): void {
    void this.plane.stop();
  }
}

export class AgentProcess extends Restartable {
  private agent!: NodeAgent;

  constructor(
    name: string,
    nats: MemoryNats,
    clock: Clock,
    readonly host: Host,
  ) {
    super(name, nats, clock);
  }

  protected begin(): void {
    const { link, clock, host } = this;
    this.agent = new NodeAgent(
      { ...host.identity, bootId: `boot-${this.starts}` },
      {
        clock,
        queue: new MemoryCommandQueue(link),
        desired: new MemoryDesiredState(link),
        heartbeats: new MemoryHeartbeats(link),
        driver: host.driver,
        cache: host.cache,
        notes: host.notes,
        scripts: { fetch: async () => new Uint8Array() },
        layers: host.layers,
        gauge: { read: () => ({ cpuUtil: 0, ramUtil: 0, diskBytes: 1e12, freeDiskBytes: 1e12 }) },
        observer: SILENT,
      },
      DEFAULT_OPTIONS,
    );
    void this.agent.start();
  }

  protected end(): void {
    void this.agent.stop(0);
  }
}

/** How long a projector that failed waits before it tries again, ms. */
const PROJECTOR_RETRY_MS = 500;

export class ProjectorProcess extends Restartable {
  private stopping = new AbortController();

  constructor(
    name: string,
    nats: MemoryNats,
    clock: Clock,
    private readonly store: MemoryProjectionStore,
  ) {
    super(name, nats, clock);
  }

  protected begin(): void {
    this.stopping = new AbortController();
    void this.run(this.stopping.signal);
  }

  protected end(): void {
    this.stopping.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { store, clock, link } = this;
    const projector = new Projector({ log: new MemoryEventLog(link), store, clock }, no);
    while (!signal.aborted) {
      await projector.run(signal).catch(no);
      await clock.sleep(PROJECTOR_RETRY_MS, signal).catch(no);
    }
  }
}

const no = (): void => undefined;
