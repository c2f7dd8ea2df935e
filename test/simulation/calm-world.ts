import type { Command, Outcome, Policy, VmRequest } from '#domain';
import { MemoryCommandDoor, MemoryHeartbeats, MemoryNats, VirtualClock } from '#events/testing';
import type { InstanceDto } from '../../apps/api/src/dialects/anka/dto/instance.dto.js';
import { singleInstanceOf } from '../../apps/api/src/dialects/anka/translate/instance.js';
import { MemoryProjectionStore } from '../../apps/api/src/projections/memory-projection-store.js';
import { NodeVitals } from '../../apps/api/src/vitals/node-vitals.js';
import { Asker } from './asker.js';
import { type Host, type HostPlan, makeHost } from './host.js';
import { Ledger } from './ledger.js';
import { AgentProcess, ControlPlaneProcess, ProjectorProcess } from './processes.js';
import { Random } from './random.js';
import { pushTemplate } from './push-template.js';

/** How often the client of these worlds looks, ms. Clients look every 3 to 20 s (anka.md §4.4), so this one sees more than any. */
export const LOOK_MS = 250;

/** A quiet fleet in one thread, and what a client of the Anka dialect sees of it while virtual time goes by. */
export class CalmWorld {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly store = new MemoryProjectionStore();
  readonly hosts: readonly Host[];
  readonly agents: readonly AgentProcess[];
  private readonly nats = new MemoryNats(this.clock);
  private readonly vitals = new NodeVitals(this.clock);
  private readonly client: Asker;
  private requests = 0;

  constructor(hosts: readonly Partial<HostPlan>[], policy: Partial<Policy> = {}) {
    const random = new Random(1);
    this.hosts = hosts.map((plan, n) =>
      makeHost({ nodeId: `node-${n}`, capacity: 2, failureRate: 0, ...plan }, this.clock, random.fork()),
    );
    this.agents = this.hosts.map((host) => new AgentProcess(host.identity.nodeId, this.nats, this.clock, host));
    const plane = new ControlPlaneProcess('control', this.nats, this.clock, policy);
    for (const process of [plane, new ProjectorProcess('projector', this.nats, this.clock, this.store), ...this.agents])
      process.start();
    this.vitals.listenTo(new MemoryHeartbeats(this.nats.connect('api')));
    this.client = new Asker('client', new MemoryCommandDoor(this.nats.connect('client')), this.clock, new Ledger());
  }

  /** The fleet is up and has the template `t`, tag `v1`, of so many bytes. */
  async ready(imageBytes: number): Promise<void> {
    await this.clock.advanceBy(10_000);
    await this.ask(pushTemplate('t', imageBytes));
  }

  async ask(command: Command): Promise<Outcome> {
    const asked = this.client.ask(`request-${++this.requests}`, command);
    await this.clock.advanceBy(LOOK_MS);
    return asked;
  }

  async start(vmId: string, request: Partial<VmRequest> = {}): Promise<void> {
    const outcome = await this.ask({ type: 'StartVM', vmIds: [vmId], request: { templateId: 't', ...request } });
    if (outcome.kind !== 'accepted') throw new Error(`The start was ${JSON.stringify(outcome)}`);
  }

  /** The instance as GET vm?id= shows it now. */
  see(vmId: string): InstanceDto | undefined {
    const moment = {
      registry: 'http://ctl.example',
      pullProgress: (id: string) => this.vitals.pullProgress(id),
      heardAt: (nodeId: string) => this.vitals.of(nodeId)?.heardAt,
    };
    return this.store.one('vm', vmId).map((row) => singleInstanceOf(row, moment))[0];
  }

  /** Everything that the client sees in the given time, look by look; undefined is `Not found`. */
  async watch(vmId: string, forMs: number): Promise<(InstanceDto | undefined)[]> {
    const seen = [this.see(vmId)];
    for (let passed = 0; passed < forMs; passed += LOOK_MS) {
      await this.clock.advanceBy(LOOK_MS);
      seen.push(this.see(vmId));
    }
    return seen;
  }
}

/** The states in the order in which they were seen, each once as long as it lasts. */
export function statesOf(seen: readonly (InstanceDto | undefined)[]): string[] {
  const states = seen.map((instance) => instance?.instance_state ?? 'gone');
  return states.filter((state, place) => state !== states[place - 1]);
}
