import type { Clock, CloudEvent } from '#events';
import {
  MemoryCommandDoor,
  MemoryCommandQueue,
  MemoryEventLog,
  MemoryLogKeeper,
  MemoryNats,
  VirtualClock,
} from '#events/testing';
import { MemoryProjectionStore } from '../../apps/api/src/projections/memory-projection-store.js';
import { Asker } from './asker.js';
import { TwinWatch } from './audit/twin-watch.js';
import { Chaos, roughNetwork } from './chaos.js';
import { Client } from './client.js';
import { type Host, makeHost } from './host.js';
import { Ledger } from './ledger.js';
import { Operator } from './operator.js';
import { AgentProcess, ControlPlaneProcess, ProjectorProcess, type SimulatedProcess } from './processes.js';
import { pushTemplate } from './push-template.js';
import { Random } from './random.js';

export interface WorldPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly capacity: number;
  readonly clients: number;
  readonly requestsPerClient: number;
  /** What the operator does to the fleet meanwhile. */
  readonly operatorActs: number;
  /** Virtual time of trouble, then of quiet, ms. */
  readonly chaosMs: number;
  readonly calmMs: number;
  /** Mean virtual time between faults, ms. */
  readonly faultEveryMs: number;
  /** How often a host fails to start a VM, 0–1. */
  readonly failureRate: number;
}

const TEMPLATES = ['t1', 't2'];
const IMAGE_BYTES = 400_000_000;
const START_OF_TIME = Date.UTC(2026, 0, 1);

/** A whole fleet in one thread: the real control plane, agents and projector over a server, hosts and a network in memory. */
export class World {
  readonly clock = new VirtualClock(START_OF_TIME);
  readonly nats: MemoryNats;
  readonly ledger = new Ledger();
  readonly store = new MemoryProjectionStore();
  readonly hosts: Host[];
  readonly agents: AgentProcess[];
  readonly twins: TwinWatch;
  private readonly random: Random;
  private readonly chaos: Chaos;
  private readonly processes: SimulatedProcess[];

  constructor(readonly plan: WorldPlan) {
    this.random = new Random(plan.seed);
    const network = roughNetwork(this.random.fork(), () => this.started && !this.chaos.isOver);
    this.nats = new MemoryNats(this.clock, { network });
    this.hosts = Array.from({ length: plan.nodes }, (_, n) =>
      makeHost(
        { nodeId: `node-${n}`, capacity: plan.capacity, failureRate: plan.failureRate },
        this.clock,
        this.random.fork(),
      ),
    );
    this.agents = this.hosts.map((host) => new AgentProcess(host.identity.nodeId, this.nats, this.clock, host));
    this.twins = new TwinWatch(this.clock, this.agents);
    const planes = ['control-a', 'control-b'].map((name) => new ControlPlaneProcess(name, this.nats, this.clock));
    const projector = new ProjectorProcess('projector', this.nats, this.clock, this.store);
    this.processes = [...planes, ...this.agents, projector];
    this.chaos = new Chaos(this.clock, this.random.fork(), this.nats, this.processes);
  }

  private started = false;

  /** Lives through trouble and quiet; afterwards everything should be at rest. */
  async run(): Promise<void> {
    const { plan } = this;
    for (const process of this.processes) process.start();
    await this.clock.advanceBy(2000);
    await this.pushTemplates();
    this.started = true;
    void this.twins.run(plan.chaosMs + plan.calmMs);
    void this.chaos.run(plan.chaosMs, plan.faultEveryMs);
    const groups: string[] = [];
    for (const client of this.makeClients(groups)) void client.run();
    void this.makeOperator(groups).run();
    await this.clock.advanceBy(plan.chaosMs + plan.calmMs);
  }

  /** Ends all processes, so that nothing of this world goes on. */
  async end(): Promise<void> {
    for (const process of this.processes) process.kill();
    await this.clock.advanceBy(60_000);
  }

  events(): CloudEvent[] {
    const { events } = this.nats;
    return Array.from({ length: events.last }, (_, index) => JSON.parse(events.at(index + 1).text) as CloudEvent);
  }

  /** Ports of an onlooker, for audits. */
  onlooker(): { commands: MemoryCommandQueue; log: MemoryEventLog; keeper: MemoryLogKeeper; clock: Clock } {
    const link = this.nats.connect('auditor');
    const keeper = new MemoryLogKeeper(link);
    return { commands: new MemoryCommandQueue(link), log: new MemoryEventLog(link), keeper, clock: this.clock };
  }

  private async pushTemplates(): Promise<void> {
    const door = new MemoryCommandDoor(this.nats.connect('operator'));
    for (const [n, templateId] of TEMPLATES.entries()) {
      const command = pushTemplate(templateId, IMAGE_BYTES, String(n));
      const sent = door.send({
        id: `push-${templateId}`,
        time: this.clock.now(),
        actor: 'operator',
        correlationId: templateId,
        command,
      });
      await this.clock.advanceBy(1000);
      await sent;
    }
  }

  /** `groups`: those that exist, kept by the operator. */
  private makeClients(groups: readonly string[]): Client[] {
    const { clients, requestsPerClient, chaosMs } = this.plan;
    const plan = { requests: requestsPerClient, overMs: chaosMs, templates: TEMPLATES, groups };
    return Array.from(
      { length: clients },
      (_, n) => new Client(plan, this.askerOf(`client-${n}`), this.clock, this.random.fork()),
    );
  }

  private makeOperator(groups: string[]): Operator {
    const { operatorActs: acts, chaosMs: overMs, capacity } = this.plan;
    const nodes = this.hosts.map(({ identity }) => identity.nodeId);
    const plan = { acts, overMs, nodes, capacity, templates: TEMPLATES };
    return new Operator(plan, this.askerOf('operator-1'), this.clock, this.random.fork(), groups);
  }

  private askerOf(name: string): Asker {
    return new Asker(name, new MemoryCommandDoor(this.nats.connect(name)), this.clock, this.ledger);
  }
}
