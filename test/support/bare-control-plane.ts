import { decide, emptyCluster, evolve, explain } from '#domain';
import { recordedCommand } from '#events';
import {
  CoreExplainDesk,
  ensureStreams,
  JetStreamCommandQueue,
  JetStreamEventLog,
  JetStreamLease,
  NatsLink,
} from '#events/jetstream';

const HOLDER = 'bare-control-plane';

/** The deciders over real streams, one command after the other and nothing else: for tests of the doors. */
export class BareControlPlane {
  private constructor(
    private readonly link: NatsLink,
    private readonly stopFollowing: () => void,
    private readonly renewal: NodeJS.Timeout,
  ) {}

  static async start(natsUrl: string): Promise<BareControlPlane> {
    const link = await NatsLink.connect({ url: natsUrl, name: HOLDER });
    await ensureStreams(link);
    const log = new JetStreamEventLog(link);
    const cluster = emptyCluster();
    const last = await log.lastSequence();
    if (last > 0) {
      for await (const { recorded, sequence } of log.follow(1)) {
        if (recorded) evolve(cluster, recorded);
        if (sequence === last) break;
      }
    }
    const lease = new JetStreamLease(link);
    await lease.acquire(HOLDER);
    const renewal = setInterval(() => void lease.acquire(HOLDER).catch(() => undefined), lease.ttlMs / 4);
    const queue = new JetStreamCommandQueue(link);
    const feed = queue.follow(cluster.cause.sequence + 1);
    const appender = log.appender(cluster.sequence);
    new CoreExplainDesk(link).open(async (id) => {
      const explanation = explain(cluster, id);
      return { asOf: cluster.sequence, ...(explanation && { explanation }) };
    });
    void (async () => {
      for await (const received of feed) {
        if (!received.content.ok) continue;
        const decision = decide(cluster, recordedCommand(received, received.content.envelope));
        await appender.append(decision.events);
        if (received.replyTo !== undefined) queue.reply(received.replyTo, decision.outcome);
      }
    })().catch(() => undefined);
    return new BareControlPlane(link, () => feed.stop(), renewal);
  }

  async stop(): Promise<void> {
    clearInterval(this.renewal);
    this.stopFollowing();
    await this.link.close();
  }
}
