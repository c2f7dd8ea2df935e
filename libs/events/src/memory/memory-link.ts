import { Unavailable } from '../fault.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Leg } from './network.js';
import type { MemoryNats } from './memory-nats.js';

/** How long a client waits for an answer of the server, ms; the same in the JetStream form. */
export const ANSWER_TIMEOUT_MS = 5000;

type Direction = Leg['direction'];

/** One process's connection to the in-memory server. It can be cut and healed, and closed for good, which a crash does. */
export class MemoryLink {
  private readonly lastArrival: Record<Direction, number> = { 'to-server': 0, 'to-client': 0 };
  /** Messages on the wire: one that needs no time must still not overtake them. */
  private readonly underway: Record<Direction, number> = { 'to-server': 0, 'to-client': 0 };
  private readonly pending = new Set<(error: Error) => void>();
  private readonly watchers = new Set<() => void>();
  private isCut = false;
  private isClosed = false;
  private inboxes = 0;

  constructor(
    readonly server: MemoryNats,
    readonly client: string,
    /** Unlike the name, never the same again. */
    readonly id: string,
  ) {}

  get clock(): Clock {
    return this.server.clock;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  get connected(): boolean {
    return !this.isClosed && !this.isCut && this.server.isUp;
  }

  /** Nothing passes until `heal`. */
  cut(): void {
    this.isCut = true;
  }

  heal(): void {
    this.isCut = false;
    this.restored();
  }

  /** For good: what waits rejects, feeds throw. */
  close(): void {
    this.isClosed = true;
    const error = this.closedError();
    for (const reject of [...this.pending]) reject(error);
    for (const watcher of [...this.watchers]) watcher();
    this.server.forget(this);
  }

  /** Called when messages may pass again. */
  restored(): void {
    if (this.connected) for (const watcher of [...this.watchers]) watcher();
  }

  /** Calls back whenever messages may pass again, and at the end. */
  onChange(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  closedError(): Unavailable {
    return new Unavailable('nats', `The connection "${this.client}" is closed for good`);
  }

  newInbox(): string {
    return `_INBOX.${this.id}-${this.inboxes++}.`;
  }

  /** Asks the server. Rejects with what `act` throws, or with {@link Unavailable} when no answer comes in time. */
  request<T>(subject: string, act: () => T): Promise<T> {
    if (this.isClosed) return Promise.reject(this.closedError());
    return new Promise((resolve, reject) => {
      let alarm: Alarm | undefined;
      const settle = (finish: () => void): void => {
        if (!this.pending.delete(fail)) return;
        alarm?.cancel();
        finish();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      this.pending.add(fail);
      this.carry({ direction: 'to-server', kind: 'request', subject }, () => {
        const finish = attempt(act, resolve, reject);
        this.carry({ direction: 'to-client', kind: 'answer', subject }, () => settle(finish));
      });
      const late = (): void => fail(new Unavailable('nats', `No answer on ${subject} within ${ANSWER_TIMEOUT_MS} ms`));
      if (this.pending.has(fail)) alarm = this.clock.after(ANSWER_TIMEOUT_MS, late);
    });
  }

  /** Fire and forget: on a closed connection it is lost as well. */
  publish(subject: string, text: string, replyTo?: string): void {
    this.carry({ direction: 'to-server', kind: 'core', subject }, () => this.server.spread(subject, text, replyTo));
  }

  /** A subject, or with a dot at its end everything one token below it. */
  subscribe(subject: string, onText: (text: string, subject: string, replyTo?: string) => void): () => void {
    return this.server.subscribe(subject, { link: this, onText });
  }

  /** Takes a message over the network, in order; `arrive` is called when it gets there, `lost` when it does not. */
  carry(leg: Omit<Leg, 'client'>, arrive: () => void, lost: () => void = () => undefined): void {
    if (!this.connected) return lost();
    const fate = this.server.network({ client: this.client, ...leg });
    if (fate === 'lost') return lost();
    const now = this.clock.now();
    const at = Math.max(now + fate, this.lastArrival[leg.direction]);
    this.lastArrival[leg.direction] = at;
    if (at <= now && !this.underway[leg.direction]) return arrive();
    this.underway[leg.direction]++;
    this.clock.after(at - now, () => {
      this.underway[leg.direction]--;
      if (this.connected) arrive();
      else lost();
    });
  }
}

/** Does it now, and says how to report it later. */
function attempt<T>(act: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): () => void {
  try {
    const value = act();
    return () => resolve(value);
  } catch (error) {
    return () => reject(error);
  }
}
