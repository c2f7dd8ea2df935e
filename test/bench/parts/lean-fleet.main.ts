import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '#domain';
import { DESIRED_BUCKET, Unavailable } from '#events';
import { CoreHeartbeats, JetStreamCommandQueue, NatsLink } from '#events/jetstream';
import { SupervisedFeed } from '../../../libs/events/src/jetstream/supervised-feed.jetstream.js';
import { readDesired } from '../../../libs/events/src/wire/desired-text.js';
import { LeanNode, type LeanTemplate } from './lean-node.js';

export type { LeanTemplate };

/** As the real agent's. */
const HEARTBEAT_MS = 5_000;
/** Beats leave in so many groups, spread over the interval. */
const BEAT_GROUPS = 100;
const RETRY_MS = 200;

export interface LeanFleetOrder {
  readonly natsUrl: string;
  readonly nodes: number;
  readonly capacity: number;
  /** What every node has in its cache. */
  readonly template: LeanTemplate;
}

/** Plays all nodes in one process: one connection, one watch over all desired values, every report durable before it is forgotten. */
async function play({ natsUrl, nodes: count, capacity, template }: LeanFleetOrder): Promise<void> {
  const link = await NatsLink.connect({ url: natsUrl, name: 'lean-fleet' });
  const queue = new JetStreamCommandQueue(link);
  const bootId = Date.now().toString(36);
  let told = 0;
  const tell = (nodeId: string, report: Report): void => {
    const id = `${nodeId}:${bootId}:${++told}`;
    void insist(() =>
      queue.publish({
        ...{ id, time: Date.now(), actor: `node/${nodeId}`, command: report },
        correlationId: 'vmId' in report ? report.vmId : id,
      }),
    );
  };
  const nodes = new Map<string, LeanNode>();
  for (let number = 1; number <= count; number++) {
    const nodeId = `node-${String(number).padStart(4, '0')}`;
    const node = new LeanNode(nodeId, bootId, factsOf(nodeId, capacity), tell);
    nodes.set(nodeId, node);
    node.join(capacity, [template]);
  }
  beatForEver(new CoreHeartbeats(link), [...nodes.values()]);
  const prefix = `$KV.${DESIRED_BUCKET}.`;
  const source = { stream: `KV_${DESIRED_BUCKET}`, filterSubject: `${prefix}>`, from: 'last-per-subject' } as const;
  for await (const delivery of new SupervisedFeed(link, source, (one) => one)) {
    const desired = readDesired(delivery.text);
    if (desired !== undefined) nodes.get(delivery.subject.slice(prefix.length))?.wish(desired);
  }
}

/** A report is sent until it is stored: the same id makes it one. */
async function insist(publish: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await publish();
      return;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await pause(RETRY_MS);
    }
  }
}

function beatForEver(heartbeats: CoreHeartbeats, nodes: readonly LeanNode[]): void {
  let group = 0;
  setInterval(() => {
    for (let index = group; index < nodes.length; index += BEAT_GROUPS)
      heartbeats.publish((nodes[index] as LeanNode).beat(HEARTBEAT_MS));
    group = (group + 1) % BEAT_GROUPS;
  }, HEARTBEAT_MS / BEAT_GROUPS);
}

function factsOf(nodeId: string, capacity: number) {
  return {
    ...{ name: nodeId, host: `${nodeId}.example`, arch: 'amd64' as const, cpuCount: 64, memoryMiB: capacity * 256 },
    ...{ driver: 'simulated', driverVersion: 'lean', agentVersion: 'bench' },
  };
}

process.on('SIGTERM', () => process.exit(0));
await play(JSON.parse(process.env['LEAN_FLEET'] ?? '') as LeanFleetOrder);
