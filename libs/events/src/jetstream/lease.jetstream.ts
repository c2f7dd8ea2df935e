import type { Lease } from '../ports/lease.js';
import { LEASE_BUCKET } from '../subjects.js';
import { BucketKey } from './bucket.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { LEASE_TTL_MS } from './streams.jetstream.js';

/** The seat of the one writer. */
const CONTROL_PLANE = 'control-plane';

/** A key that vanishes when it is not written again: the bucket's age limit is the time to live. */
export class JetStreamLease implements Lease {
  private readonly key: BucketKey;
  /** Of our last write; spares a read at each renewal. */
  private revision: number | undefined;

  constructor(
    link: NatsLink,
    /** Must be what `ensureStreams` was told. */
    readonly ttlMs = LEASE_TTL_MS,
    /** Which of the seats that have one holder. */
    seat = CONTROL_PLANE,
  ) {
    // An answer that takes half of the lease's life is of no use.
    this.key = new BucketKey(link, LEASE_BUCKET, seat, ttlMs / 2);
  }

  acquire(holder: string): Promise<boolean> {
    return this.take(holder, true);
  }

  renew(holder: string): Promise<boolean> {
    return this.take(holder, false);
  }

  async release(holder: string): Promise<void> {
    const entry = await this.key.read();
    this.revision = undefined;
    if (entry && !entry.deleted && entry.text === holder) await this.key.delete(entry.revision);
  }

  private async take(holder: string, mayCreate: boolean): Promise<boolean> {
    if (this.revision !== undefined && (await this.write(holder, this.revision))) return true;
    // Not our last write: it ran out, somebody else has it, or the answer to our last write got lost.
    const entry = await this.key.read();
    const isFree = entry === undefined || entry.deleted;
    if (isFree ? !mayCreate : entry.text !== holder) return false;
    return this.write(holder, entry?.revision ?? 0);
  }

  private async write(holder: string, revision: number): Promise<boolean> {
    this.revision = undefined;
    this.revision = await this.key.write(holder, revision);
    return this.revision !== undefined;
  }
}
