import { type Command, decide, emptyCluster, explain, type Outcome } from '#domain';
import { recordedCommand } from '#events';
import {
  MemoryCommandDoor,
  MemoryCommandQueue,
  MemoryEventLog,
  MemoryExplainDesk,
  MemoryExplainDoor,
  MemoryHeartbeats,
  type MemoryLink,
  MemoryNats,
  settled,
  VirtualClock,
} from '#events/testing';
import { Ask } from '../commands/ask.js';
import { MemoryCentralLog } from '../dialects/anka/central-log/central-log.contract.js';
import { MemoryAccessView } from '../projections/memory-access-view.js';
import { MemoryProjectionStore } from '../projections/memory-projection-store.js';
import { MemoryNodeView, MemorySmallView, MemoryTemplateView, MemoryVmView } from '../projections/memory-views.js';
import { ProjectionGate } from '../projections/projection-gate.js';
import { Projector } from '../projections/projector.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { Explainer } from '../vms/explainer.js';
import { MapBlobStore } from './map-blob-store.contract.js';

const BEGIN = Date.UTC(2026, 2, 1, 10);
const LIMITS = { maxEvents: 1000, lingerMs: 0 };

/**
 * Everything behind the doors, in one process: the real deciders, queue, log, projector and views, over a server in memory and a clock
 * that stands still. Ids are counted, so that the same requests give the same answers.
 */
export class House {
  readonly clock = new VirtualClock(BEGIN);
  readonly nats = new MemoryNats(this.clock);
  readonly cluster = emptyCluster();
  readonly vitals = new NodeVitals(this.clock);
  readonly blobs = new MapBlobStore();
  readonly centralLog = new MemoryCentralLog(() => this.clock.now());
  readonly doorLink: MemoryLink = this.nats.connect('door');
  readonly ask: Ask;
  readonly explainer: Explainer;
  private readonly store = new MemoryProjectionStore();
  readonly vms = new MemoryVmView(this.store);
  readonly nodes = new MemoryNodeView(this.store);
  readonly templates = new MemoryTemplateView(this.store);
  readonly access = new MemoryAccessView(this.store, this.clock);
  readonly groups = new MemorySmallView(this.store, 'group');
  readonly distributions = new MemorySmallView(this.store, 'distribution');
  readonly macPool = new MemorySmallView(this.store, 'macPool');
  readonly images = new MemorySmallView(this.store, 'image');
  private readonly gate = new ProjectionGate(this.clock);
  private readonly stopped = new AbortController();
  private readonly controlPlane = this.nats.connect('control-plane');
  private mayDecide: Promise<void> = Promise.resolve();
  private goOn: () => void = () => undefined;
  private ids = 0;
  private running: Promise<unknown> = Promise.resolve();

  constructor() {
    this.ask = new Ask(new MemoryCommandDoor(this.doorLink), this.gate, this.clock, () => this.countedId());
    this.explainer = new Explainer(new MemoryExplainDoor(this.doorLink), this.gate);
    this.vitals.listenTo(new MemoryHeartbeats(this.nats.connect('vitals')));
  }

  begin(): this {
    this.openDesk();
    const log = new MemoryEventLog(this.nats.connect('projector'));
    const projector = new Projector({ log, store: this.store, clock: this.clock }, this.committed.bind(this), LIMITS);
    this.running = Promise.all([projector.run(this.stopped.signal), this.decideAll()]);
    return this;
  }

  async end(): Promise<void> {
    this.goOn();
    this.stopped.abort();
    await this.running;
  }

  /** As a node, an operator or the control plane itself would; returns when the views show it. */
  async tell(command: Command, actor = 'test'): Promise<Outcome> {
    const commandId = this.countedId();
    return this.ask.command(command, { actor, correlationId: commandId, commandId });
  }

  /** Everything that both streams hold, as text. */
  logged(): string {
    const texts = [this.nats.commands, this.nats.events].flatMap((stream) =>
      Array.from({ length: stream.last }, (_, n) => stream.at(n + 1).text),
    );
    return texts.join('\n');
  }

  /** Commands queue up, as without a control plane, until `resume`. */
  pause(): void {
    this.mayDecide = new Promise((resolve) => (this.goOn = resolve));
  }

  resume(): void {
    this.goOn();
  }

  /** Lets what waits go on until only time could help, and then lets time pass. */
  async pass(ms: number): Promise<void> {
    await settled();
    await this.clock.advanceBy(ms);
    await settled();
  }

  private committed({ sequence }: { readonly sequence: number }): void {
    this.gate.advance(sequence);
  }

  private openDesk(): void {
    new MemoryExplainDesk(this.controlPlane).open(async (id) => {
      const explanation = explain(this.cluster, id);
      return { asOf: this.cluster.sequence, ...(explanation && { explanation }) };
    });
  }

  private async decideAll(): Promise<void> {
    const queue = new MemoryCommandQueue(this.controlPlane);
    const appender = new MemoryEventLog(this.controlPlane).appender(0);
    const feed = queue.follow(1);
    this.stopped.signal.addEventListener('abort', () => feed.stop());
    for await (const received of feed) {
      await this.mayDecide;
      if (!received.content.ok) continue;
      const { outcome, events } = decide(this.cluster, recordedCommand(received, received.content.envelope));
      await appender.append(events);
      if (received.replyTo !== undefined) queue.reply(received.replyTo, outcome);
    }
  }

  private countedId(): string {
    return `00000000-0000-4000-8000-${String(++this.ids).padStart(12, '0')}`;
  }
}
