import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { systemClock } from '../clock/clock.system.js';
import { Unavailable } from '../fault.js';
import type { Published } from '../ports/command-queue.js';
import type { WrongLastSequence } from '../wire/guarded-appender.js';
import type { NatsLink } from './link.jetstream.js';
import { readAck } from './publish-ack.js';

/** How long the server may take to acknowledge, ms. */
export const ACK_TIMEOUT_MS = 5000;
/** Timeouts are looked for this often, ms: one sweep for all, instead of a timer for each. */
const SWEEP_MS = 250;
const SWEEPS_UNTIL_LATE = Math.ceil(ACK_TIMEOUT_MS / SWEEP_MS) + 1;
/** Publishes of `publish()` under way or waiting for the connection; the next ones wait for room. */
export const MAX_PUBLISHES_IN_FLIGHT = 4096;

export type AckResult = Published | WrongLastSequence | Unavailable;

export type Settle<T> = (context: T, result: AckResult) => void;

interface Pending {
  readonly subject: string;
  readonly settle: Settle<unknown>;
  readonly context: unknown;
  readonly lateAt: number;
}

/**
 * Publishes with acknowledgements, many at a time: one subscription for all answers and one table of who waits for which. The
 * client's own publish makes a request, a timer and an error object per message and is several times slower.
 */
export class AckPipeline {
  private readonly inbox: string;
  private readonly pending = new Map<number, Pending>();
  private sent = 0;
  /** Sweeps so far: the pipeline's own time, which a stopped process or a changed clock does not upset. */
  private sweeps = 0;
  private sweeping = false;
  private inFlight = 0;
  private readonly queue: { readonly go: () => void; readonly refuse: () => void; readonly lateAt: number }[] = [];

  constructor(private readonly link: NatsLink) {
    this.inbox = link.newInbox();
    link.nc.subscribe(`${this.inbox}*`, { callback: (error, message) => void (error ?? this.answered(message)) });
    link.onChange(() => this.connectionChanged());
  }

  /**
   * Sends at once and settles exactly once, with {@link Unavailable} when it is unknown whether the message was stored. The caller
   * limits how many are under way; `context` comes back, so that one function settles all. Throws for what cannot be sent at all.
   */
  send<T>(subject: string, payload: string | Uint8Array, headers: MsgHdrs, settle: Settle<T>, context: T): void {
    if (!this.link.isConnected) return settle(context, this.awayError(subject));
    const token = this.sent++;
    this.link.nc.publish(subject, payload, { reply: `${this.inbox}${token}`, headers });
    const lateAt = this.sweeps + SWEEPS_UNTIL_LATE;
    this.pending.set(token, { subject, settle: settle as Settle<unknown>, context, lateAt });
    if (!this.sweeping) this.sweepSoon();
  }

  /** The same as a promise; waits for room, and for the connection while it is being made anew. */
  async publish(subject: string, payload: string, headers: MsgHdrs): Promise<Published> {
    if (this.inFlight < MAX_PUBLISHES_IN_FLIGHT && this.link.isConnected) this.inFlight++;
    else await this.room(subject);
    try {
      return await new Promise<Published>((resolve, reject) => {
        this.send(subject, payload, headers, settlePromise, { resolve, reject });
      });
    } finally {
      this.inFlight--;
      this.admit();
    }
  }

  /** Resolves with a place among those in flight taken. */
  private room(subject: string): Promise<void> {
    if (this.link.isClosed) return Promise.reject(this.link.closedError());
    this.sweepSoon();
    return new Promise((resolve, reject) => {
      const lateAt = this.sweeps + SWEEPS_UNTIL_LATE;
      this.queue.push({ go: resolve, refuse: () => reject(this.awayError(subject)), lateAt });
    });
  }

  private admit(): void {
    while (this.inFlight < MAX_PUBLISHES_IN_FLIGHT && this.link.isConnected) {
      const first = this.queue.shift();
      if (!first) return;
      this.inFlight++;
      first.go();
    }
  }

  private answered(message: Msg): void {
    const token = Number(message.subject.slice(this.inbox.length));
    const pending = this.pending.get(token);
    if (!pending) return;
    this.pending.delete(token);
    const { subject, settle, context } = pending;
    if (message.data.length === 0 && message.headers?.code === 503)
      return settle(context, new Unavailable('nats', `Cannot publish on ${subject}: no stream listens there`));
    settle(context, readAck(subject, message.data));
  }

  private connectionChanged(): void {
    if (this.link.isConnected) return this.admit();
    // An answer travels on the connection that asked: it will not come any more.
    this.failUntil(
      Infinity,
      (subject) => `Cannot publish on ${subject}: the connection broke before the acknowledgement`,
    );
    if (this.link.isClosed) for (const { refuse } of this.queue.splice(0)) refuse();
  }

  private sweepSoon(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    systemClock.after(SWEEP_MS, () => {
      this.sweeping = false;
      this.sweeps++;
      this.failUntil(
        this.sweeps,
        (subject) => `Cannot publish on ${subject}: no acknowledgement within ${ACK_TIMEOUT_MS} ms`,
      );
      while (this.queue[0] && this.queue[0].lateAt <= this.sweeps) this.queue.shift()?.refuse();
      if (this.pending.size > 0 || this.queue.length > 0) this.sweepSoon();
    });
  }

  /** The oldest come first in the table. */
  private failUntil(sweep: number, words: (subject: string) => string): void {
    for (const [token, { subject, settle, context, lateAt }] of this.pending) {
      if (lateAt > sweep) return;
      this.pending.delete(token);
      settle(context, new Unavailable('nats', words(subject)));
    }
  }

  private awayError(subject: string): Unavailable {
    if (this.link.isClosed) return this.link.closedError();
    const why = this.link.isConnected ? 'too many others wait for the server' : 'there is no connection to the server';
    return new Unavailable('nats', `Cannot publish on ${subject}: ${why}`);
  }
}

interface Waiting {
  readonly resolve: (published: Published) => void;
  readonly reject: (error: Error) => void;
}

const settlePromise: Settle<Waiting> = ({ resolve, reject }, result) =>
  result instanceof Error ? reject(result) : resolve(result);
