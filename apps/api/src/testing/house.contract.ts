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
import { archived } from '../archive/archived-event.js';
import { MemoryArchive } from '../archive/memory-archive.js';
import { Ask } from '../commands/ask.js';
import { MemoryCentralLog } from '../dialects/anka/central-log/central-log.contract.js';
import { eventReadsOf } from '../events/event-reads.js';
import { MemoryAccessView } from '../projections/memory-access-view.js';
import { MemoryProjectionStore } from '../projections/memory-projection-store.js';
import { MemoryNodeView, MemorySmallView, MemoryTemplateView, MemoryVmView } from '../projections/memory-views.js';
import { FollowerGate } from '../projections/follower-gate.js';
import { Projector } from '../projections/projector.js';
import { NodeVitals } from '../vitals/node-vitals.js';
import { Explainer } from '../vms/explainer.js';
import { UrlPolicy } from '../webhooks/delivery/guard/url-policy.js';
import { MemoryWebhookStore } from '../webhooks/memory-webhook-store.js';
import { Outbox } from '../webhooks/outbox.js';
import { refill } from '../webhooks/refill.js';
import { SECRET_BYTES, secretText } from '../webhooks/secrets.js';
import { MemorySender } from '../webhooks/testing/memory-sender.contract.js';
import { WebhookDesk } from '../webhooks/webhook-desk.js';
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
  readonly archive = new MemoryArchive();
  readonly webhookStore = new MemoryWebhookStore(() => this.clock.now());
  readonly sender = new MemorySender();
  readonly webhooks: WebhookDesk;
  /** Webhooks of which somebody said that something is due. */
  readonly woken: string[] = [];
  private readonly outbox = new Outbox();
  private archiving: Promise<void> = Promise.resolve();
  private readonly gate = new FollowerGate(this.clock);
  readonly archiveGate = new FollowerGate(this.clock, 'archive');
  readonly eventReads = eventReadsOf({
    archive: this.archive,
    gates: { views: this.gate, archive: this.archiveGate },
    log: new MemoryEventLog(this.nats.connect('live')),
    vms: this.vms,
    clock: this.clock,
    onTrouble: (trouble) => void this.troubles.push(trouble),
  });
  /** What went wrong with those who follow the log. */
  readonly troubles: string[] = [];
  private readonly stopped = new AbortController();
  private readonly controlPlane = this.nats.connect('control-plane');
  private mayDecide: Promise<void> = Promise.resolve();
  private goOn: () => void = () => undefined;
  private ids = 0;
  private running: Promise<unknown> = Promise.resolve();

  constructor() {
    this.ask = new Ask(new MemoryCommandDoor(this.doorLink), this.gate, this.clock, () => this.countedId());
    this.webhooks = this.openDeskOfWebhooks();
    this.explainer = new Explainer(new MemoryExplainDoor(this.doorLink), this.gate);
    this.vitals.listenTo(new MemoryHeartbeats(this.nats.connect('vitals')));
  }

  begin(): this {
    this.openDesk();
    const log = new MemoryEventLog(this.nats.connect('projector'));
    const projector = new Projector({ log, store: this.store, clock: this.clock }, this.committed.bind(this), LIMITS);
    const { signal } = this.stopped;
    this.running = Promise.all([projector.run(signal), this.decideAll(), this.eventReads.followers.run(signal)]);
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

  /** Queues what webhooks have missed, as is done now and then. */
  refillWebhooks(): Promise<string[]> {
    return refill(this.webhookStore, this.archive);
  }

  private committed({ sequence }: { readonly sequence: number }): void {
    this.archiving = this.archiving.then(() => this.archiveTo(sequence));
  }

  private async archiveTo(sequence: number): Promise<void> {
    const first = this.archive.events.length + 1;
    const events = Array.from({ length: sequence - first + 1 }, (_, n) =>
      archived({ sequence: first + n, raw: this.nats.events.at(first + n).text }),
    );
    this.archive.events.push(...events);
    await this.outbox.write(this.webhookStore, events);
    this.archiveGate.advance(sequence);
    this.gate.advance(sequence);
  }

  private openDeskOfWebhooks(): WebhookDesk {
    let secrets = 0;
    return new WebhookDesk({
      ...{
        store: this.webhookStore,
        archive: this.archive,
        ask: this.ask,
        gate: this.archiveGate,
        sender: this.sender,
      },
      policy: new UrlPolicy({ allowCidrs: [], allowHttp: false, ports: [{ from: 443, to: 443 }] }),
      clock: this.clock,
      newSecret: () => secretText(Buffer.alloc(SECRET_BYTES, ++secrets)),
      machineName: 'host',
      wake: (ids) => void this.woken.push(...ids),
    });
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
