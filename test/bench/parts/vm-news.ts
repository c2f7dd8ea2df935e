import type { NatsConnection } from '@nats-io/transport-node';

type News = 'VMStarted' | 'VMTerminated';

/**
 * Tells when a VM has started or ended, from the subjects of the events alone: cheaper than asking, and nothing is read. News that
 * come before anybody waits for them are kept.
 */
export class VmNews {
  private readonly early = new Set<string>();
  private readonly waiting = new Map<string, () => void>();

  constructor(connection: NatsConnection) {
    for (const news of ['VMStarted', 'VMTerminated'] satisfies News[]) {
      connection.subscribe(`muster.evt.vm.*.${news}`, { callback: (_, { subject }) => this.hear(subject.slice(14)) });
    }
  }

  async hears(vmId: string, news: News): Promise<void> {
    const name = `${vmId}.${news}`;
    if (this.early.delete(name)) return;
    await new Promise<void>((resolve) => this.waiting.set(name, resolve));
  }

  private hear(name: string): void {
    const waiter = this.waiting.get(name);
    if (waiter === undefined) {
      this.early.add(name);
      return;
    }
    this.waiting.delete(name);
    waiter();
  }
}
