import type { AttemptResult, SigningSecret } from '../sender.js';

/** An endpoint as far as delivery needs to know it. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly format: 'standard-webhooks' | 'anka';
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly SigningSecret[];
  /** Strict order: one request at a time, and nothing overtakes what has failed. */
  readonly ordered: boolean;
  /** Events in one request at most; 1: requests hold an event, not a list. */
  readonly batchSize: number;
  /** Requests under way at most. */
  readonly concurrency: number;
  /** Requests per second at most; undefined: as fast as it answers. */
  readonly ratePerS?: number | undefined;
  /** Another number after each change. */
  readonly version: number;
}

/** The right to deliver to an endpoint, for as long as it is renewed. */
export interface Seat {
  readonly endpoint: Endpoint;
  /** Counts the holders; who has an older one changes nothing any more. */
  readonly epoch: number;
  /** For how long there were nothing but failures, ms. */
  readonly failingForMs?: number | undefined;
}

/** What a holder says when it renews: how the attempts since the last time went. */
export interface Renewed {
  readonly id: string;
  readonly epoch: number;
  readonly health?: 'well' | 'failing' | undefined;
}

export interface Renewal {
  /** The seats that are still ours, with the version of their endpoint. */
  readonly kept: ReadonlyMap<string, { readonly version: number; readonly oldestMs: number }>;
  /** How many seats each living worker should have at most, so that all endpoints are served. */
  readonly fairShare: number;
}

/** How many more of an endpoint's deliveries are wanted. */
export interface Want {
  readonly id: string;
  readonly ordered: boolean;
  readonly room: number;
  /** Sequences that the holder has already. */
  readonly held: readonly number[];
}

/** An event that waits to be brought to an endpoint. */
export interface Due {
  readonly endpointId: string;
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  /** Failed ones so far. */
  readonly attempts: number;
  /** Until it may be tried, ms; not 0 in strict order only, where the first one keeps the others waiting. */
  readonly inMs: number;
  /** The CloudEvent, exactly as in the log; undefined when the archive does not have it any more. */
  readonly body: string | undefined;
}

/** One attempt, for the log of deliveries. */
export interface AttemptNote extends AttemptResult {
  /** Unix ms. */
  readonly at: number;
  readonly attempt: number;
  readonly eventId: string;
  readonly type: string;
}

/** What becomes of a delivery. */
export interface Settlement {
  readonly endpointId: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly becomes: 'delivered' | 'due' | 'dead';
  readonly attempts: number;
  /** Until the next attempt, ms. */
  readonly inMs: number;
  /** Absent when there was nothing to send. */
  readonly note?: AttemptNote;
}

/** Something of what was given can never be kept, now or later; nothing of it was. */
export class RejectedData extends Error {
  override readonly name = 'RejectedData';
}

/**
 * What waits to be delivered, and who delivers to whom. All times in it are by one clock, its own, so that it does not matter whose
 * clock is wrong. Every method throws `Unavailable` while the store is away; what it would have done is then unknown.
 */
export interface DeliveryStore {
  /** The worker lives, and renews its seats for `leaseMs`. */
  renew(worker: string, seats: readonly Renewed[], leaseMs: number): Promise<Renewal>;
  /** Takes seats that nobody holds, at most `count`. */
  take(worker: string, count: number, leaseMs: number): Promise<readonly Seat[]>;
  /** The endpoints as they are now; those that are gone or disabled are missing. */
  endpoints(ids: readonly string[]): Promise<readonly Endpoint[]>;
  /** Gives seats back. */
  release(worker: string, seats: readonly Pick<Renewed, 'id' | 'epoch'>[]): Promise<void>;
  /** The worker ends; seats that it did not give back stay taken until their time is over. */
  leave(worker: string): Promise<void>;
  /** Those that are due, per endpoint: the longest due first, or all in order of their sequence where order is strict. */
  due(wants: readonly Want[]): Promise<readonly Due[]>;
  /** All or nothing; throws `RejectedData` when it is nothing for ever. What a former holder says of a delivery changes nothing; its attempt is noted all the same. */
  settle(worker: string, settlements: readonly Settlement[]): Promise<void>;
}
