import type { Clock } from '../clock.js';
import { KeyedLock } from '../keyed-lock.js';
import type { NftFence } from './fence.driver.js';
import { FENCE_INTERVAL_MS } from './limits.js';

/** Keeps the packet filter rules up while there is any VM on this node, and takes them away with the last one. */
export class GuestFence {
  private readonly lock = new KeyedLock();
  private raisedAt = -Infinity;

  constructor(
    private readonly nft: NftFence | undefined,
    private readonly clock: Clock,
    private readonly hasVms: () => boolean,
    private readonly log: (line: string) => void,
  ) {}

  /** Must have resolved before a guest runs. Throws `TOOL_FAILED`. */
  async raise(): Promise<void> {
    await this.lock.run('fence', async () => {
      await this.nft?.raise();
      this.raisedAt = this.clock.now();
    });
  }

  /** Raises the rules again now and then: reloading a host's firewall flushes everybody's. */
  async refresh(): Promise<void> {
    if (!this.nft || !this.hasVms() || this.clock.now() - this.raisedAt < FENCE_INTERVAL_MS) return;
    await this.raise().catch((error: unknown) => this.log(`fence: ${String(error)}`));
  }

  async lowerIfUnused(): Promise<void> {
    await this.lock.run('fence', async () => {
      if (!this.hasVms()) await this.nft?.remove();
    });
  }
}
