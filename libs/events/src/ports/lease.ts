/** Who may try to write (liveness only; safety is the guarded append). */
export interface Lease {
  /** Takes the lease when it is free or was ours. */
  acquire(holder: string): Promise<boolean>;
  /** Extends it; false when it is lost. */
  renew(holder: string): Promise<boolean>;
  release(holder: string): Promise<void>;
  /** How long a lease lasts without being renewed. */
  readonly ttlMs: number;
}
