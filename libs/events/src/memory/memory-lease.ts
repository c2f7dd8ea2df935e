import type { Lease } from '../ports/lease.js';
import type { MemoryLink } from './memory-link.js';

const KEY = 'control-plane';

export class MemoryLease implements Lease {
  constructor(private readonly link: MemoryLink) {}

  get ttlMs(): number {
    return this.link.server.leaseTtlMs;
  }

  acquire(holder: string): Promise<boolean> {
    return this.link.request('lease.acquire', () => {
      const { lease } = this.link.server;
      const entry = lease.get(KEY);
      if (entry && entry.text !== holder) return false;
      return lease.update(KEY, holder, entry?.revision ?? 0) !== undefined;
    });
  }

  renew(holder: string): Promise<boolean> {
    return this.link.request('lease.renew', () => {
      const { lease } = this.link.server;
      const entry = lease.get(KEY);
      return entry?.text === holder && lease.update(KEY, holder, entry.revision) !== undefined;
    });
  }

  async release(holder: string): Promise<void> {
    await this.link.request('lease.release', () => {
      const { lease } = this.link.server;
      if (lease.get(KEY)?.text === holder) lease.delete(KEY);
    });
  }
}
