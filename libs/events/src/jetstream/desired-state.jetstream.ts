import type { DesiredNode } from '#domain';
import { Unavailable } from '../fault.js';
import type { DesiredState, Watch } from '../ports/desired-state.js';
import { DESIRED_BUCKET, token } from '../subjects.js';
import { desiredText, readDesired } from '../wire/desired-text.js';
import { BucketKey, isDeletion, keySubject } from './bucket.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { SupervisedFeed } from './supervised-feed.jetstream.js';
import { WireHeaders } from './wire-headers.jetstream.js';

const ASK_TIMEOUT_MS = 5000;

export class JetStreamDesiredState implements DesiredState {
  constructor(private readonly link: NatsLink) {}

  async put(nodeId: string, desired: DesiredNode): Promise<void> {
    const subject = keySubject(DESIRED_BUCKET, token(nodeId));
    await this.link.acks.publish(subject, desiredText(desired), new WireHeaders());
  }

  async get(nodeId: string): Promise<DesiredNode | undefined> {
    const entry = await new BucketKey(this.link, DESIRED_BUCKET, token(nodeId), ASK_TIMEOUT_MS).glance();
    return entry && !entry.deleted ? readDesired(entry.text) : undefined;
  }

  async watch(nodeId: string, onChange: (desired: DesiredNode) => void): Promise<Watch> {
    const source = {
      stream: `KV_${DESIRED_BUCKET}`,
      filterSubject: keySubject(DESIRED_BUCKET, token(nodeId)),
      from: 'last-per-subject',
    } as const;
    const feed = new SupervisedFeed(this.link, source, (delivery) => delivery);
    const follow = async (): Promise<void> => {
      let seen: number | undefined;
      for await (const delivery of feed) {
        if (delivery.sequence === seen || isDeletion(delivery.header('KV-Operation'))) continue;
        seen = delivery.sequence;
        const desired = readDesired(delivery.text);
        if (desired !== undefined) onChange(desired);
      }
    };
    follow().catch((error: unknown) => {
      // The end of the connection is told by the connection; anything else is a bug of the listener.
      if (!(error instanceof Unavailable)) throw error;
    });
    return { stop: () => feed.stop() };
  }
}
