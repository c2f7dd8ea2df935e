import type { Lease } from '../ports/lease.js';
import type { MemoryLink } from './memory-link.js';

/** The seat of the one writer. */
const CONTROL_PLANE = 'control-plane';

export class MemoryLease implements Lease {
  constructor(
    private readonly link: MemoryLink,
    /** Which of the seats that have one holder. */
    private readonly seat = CONTROL_PLANE,
  ) {}

  get ttlMs(): number {
    return this.link.server.leaseTtlMs;
  }

  acquire(holder: string): Promise<boolean> {
    return this.link.request('lease.acquire', () => {
      const { lease } = this.link.server;
      const entry = lease.get(this.seat);
      if (entry && entry.text !== holder) return false;
      return lease.update(this.seat, holder, entry?.revision ?? 0) !== undefined;
    });
  }

  renew(holder: string): Promise<boolean> {
    return this.link.request('lease.renew', () => {
      const { lease } = this.link.server;
      const entry = lease.get(this.seat);
      return entry?.text === holder && lease.update(this.seat, holder, entry.revision) !== undefined;
    });
  }

  async release(holder: string): Promise<void> {
    await this.link.request('lease.release', () => {
      const { lease } = this.link.server;
      if (lease.get(this.seat)?.text === holder) lease.delete(this.seat);
    });
  }
}
