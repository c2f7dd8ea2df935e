import type { AttemptResult } from './delivery/sender.js';
import type { ArchivedEvent } from '../archive/archived-event.js';
import type { Endpoint, EndpointChange, EndpointSettings } from './endpoint.js';
import type { GapStore } from './refill.js';

/** Rows that one question gives at most. */
export const MAX_ROWS = 1_000;
/** Deliveries that one statement touches at most, so that none holds the others up for long. */
export const DELIVERY_PAGE = 1_000;

/** A delivery that has not been taken. */
export interface Outstanding {
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  /** `dead`: given up. */
  readonly state: 'due' | 'dead';
  /** Unix ms, as all times here. */
  readonly dueAt: number;
  readonly queuedAt: number;
  readonly attempts: number;
  readonly lastError?: string;
}

export interface OutstandingQuery {
  readonly endpointId: string;
  readonly state?: 'due' | 'dead';
  /** Behind this sequence. */
  readonly after?: number;
  readonly limit: number;
}

export interface Attempt extends Omit<AttemptResult, 'retryAfterMs'> {
  readonly at: number;
  readonly endpointId: string;
  /** 0: a ping. */
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  /** 1: the first for this delivery. */
  readonly attempt: number;
}

/** An attempt at its place in the log of attempts. */
export type LoggedAttempt = Attempt & { readonly number: number };

export interface AttemptQuery {
  readonly endpointId: string;
  readonly sequence?: number;
  readonly outcome?: Attempt['outcome'];
  readonly type?: string;
  readonly since?: number;
  readonly until?: number;
  /** Before this number: newest come first. */
  readonly before?: number;
  readonly limit: number;
}

/** What waits for an endpoint. */
export interface Waiting {
  readonly due: number;
  readonly dead: number;
  /** When what has been due longest was queued. */
  readonly oldestAt?: number;
}

/** Of all webhooks together. */
export interface Totals {
  readonly due: number;
  readonly dead: number;
  readonly enabled: number;
  readonly disabled: number;
  /** Webhooks for which nothing is queued until what they have missed is. */
  readonly gaps: number;
}
export const NO_TOTALS: Totals = { due: 0, dead: 0, enabled: 0, disabled: 0, gaps: 0 };

/** Endpoints and deliveries, as the doors see them. Every method throws `Unavailable` when the database is away. */
export interface WebhookStore extends GapStore {
  /** Keeps what a new endpoint is to be, until its event is in the log. Changes nothing of one that is there. */
  prepare(id: string, settings: EndpointSettings): Promise<void>;
  /** Its command was refused. Does nothing to one that is there. */
  abandon(id: string): Promise<void>;
  /** Keeps what a command is to change, until its event is in the log. The first time counts. */
  stage(commandId: string, endpointId: string, change: EndpointChange): Promise<void>;
  unstage(commandId: string): Promise<void>;

  /** One that has been created. */
  get(id: string): Promise<Endpoint | undefined>;
  /** Those that have been created, in that order, behind this sequence. */
  list(after: number, limit: number): Promise<readonly Endpoint[]>;
  waiting(endpointId: string): Promise<Waiting>;
  totals(): Promise<Totals>;
  /** By sequence. */
  outstanding(query: OutstandingQuery): Promise<readonly Outstanding[]>;
  /** Newest first. */
  attempts(query: AttemptQuery): Promise<readonly LoggedAttempt[]>;
  noteAttempt(attempt: Attempt): Promise<void>;

  /** Queues these archived events once more. One that is outstanding is due at once; one that was given up begins anew. */
  requeue(endpointId: string, events: readonly ArchivedEvent[]): Promise<void>;
  /** Drops what was given up, of these sequences or of any; at most a page. Returns how many. */
  dropDead(endpointId: string, sequences?: readonly number[]): Promise<number>;
  /** The same, to begin anew with them. */
  reviveDead(endpointId: string, sequences?: readonly number[]): Promise<number>;
}
