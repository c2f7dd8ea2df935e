import type { Alarm, Clock, Lease } from '#events';

/**
 * Holds the lease while the term lasts. It stops believing in it by its own clock, one margin before anybody else could take it,
 * because a renewal that gets no answer may have failed.
 */
export class LeaseKeeper {
  private alarm: Alarm | undefined;
  private validUntil = 0;
  private generation = 0;

  constructor(
    private readonly lease: Lease,
    private readonly clock: Clock,
    private readonly holder: string,
  ) {}

  async tryAcquire(): Promise<boolean> {
    const asked = this.clock.now();
    const held = await this.lease.acquire(this.holder);
    if (held) this.validUntil = asked + this.usableMs;
    return held;
  }

  /** Renews until `letGo`; calls back once when the lease is lost. */
  keep(onLost: () => void): void {
    const generation = ++this.generation;
    const everyMs = this.lease.ttlMs / 4;
    const beat = async (): Promise<void> => {
      const asked = this.clock.now();
      if (asked >= this.validUntil) return onLost();
      const renewed = await this.lease.renew(this.holder).catch(() => undefined);
      if (generation !== this.generation) return;
      if (renewed === false) return onLost();
      if (renewed === true) this.validUntil = asked + this.usableMs;
      this.alarm = this.clock.after(everyMs, () => void beat());
    };
    this.alarm = this.clock.after(everyMs, () => void beat());
  }

  letGo(): void {
    this.generation++;
    this.alarm?.cancel();
  }

  async release(): Promise<void> {
    await this.lease.release(this.holder);
  }

  private get usableMs(): number {
    return this.lease.ttlMs * 0.75;
  }
}
