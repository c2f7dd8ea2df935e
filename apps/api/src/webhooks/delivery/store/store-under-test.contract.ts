import type { DeliveryStore, Endpoint } from './delivery-store.js';

/** Of the seats in the contract. */
export const LEASE_MS = 10_000;

/** A store with what a test needs beside it. */
export interface StoreUnderTest {
  readonly store: DeliveryStore;
  /** Adds an endpoint, enabled, or changes one. */
  put(endpoint: Endpoint): Promise<void>;
  disable(id: string): Promise<void>;
  /** Queues events with these sequences; those whose body is undefined are not in the archive. */
  enqueue(id: string, events: readonly { sequence: number; body?: string }[]): Promise<void>;
  /** Time goes by, for the store. */
  pass(ms: number): Promise<void>;
  /** Sequences that are dead letters. */
  dead(id: string): Promise<number[]>;
  /** Outcome and number of each attempt that is noted, with its sequence. */
  notes(): Promise<{ sequence: number; outcome: string; attempt: number }[]>;
}

export const endpointOf = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  ...{
    id,
    url: `https://${id}.example/`,
    format: 'standard-webhooks',
    headers: {},
    secrets: [{ secret: 'whsec_AAAA' }],
  },
  ...{ ordered: false, batchSize: 1, concurrency: 4, version: 1 },
  ...more,
});
