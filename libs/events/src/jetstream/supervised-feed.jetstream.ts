import type { JetStreamManager } from '@nats-io/jetstream';
import { systemClock } from '../clock/clock.system.js';
import type { Feed } from '../ports/feed.js';
import { missingPast } from '../wire/missing-past.js';
import { Unbroken } from '../wire/unbroken.js';
import type { Delivery } from './delivery.jetstream.js';
import { DeliveryBuffer } from './delivery-buffer.js';
import type { NatsLink } from './link.jetstream.js';
import { PullSession, type PullStart } from './pull-session.jetstream.js';
import { incarnationOf, managerOf } from './streams.jetstream.js';

/** How long one question to the server may take while a feed is being opened, ms. */
const OPEN_TIMEOUT_MS = 2000;
/** Pauses between attempts to open a feed again, ms: doubled each time. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;

export interface FeedSource {
  readonly stream: string;
  readonly filterSubject?: string;
  /**
   * A sequence: every message from there on, once, in order; the stream must still be the one that was being followed. Or the last
   * message of each subject first, and again after every break.
   */
  readonly from: number | 'last-per-subject';
}

/**
 * Follows a stream for ever: whatever happens to the consumer, the server or the connection, it goes on after the last message it gave.
 * Throws when the connection is closed for good, or the stream is no continuation of what was followed.
 */
export class SupervisedFeed<T> implements Feed<T>, AsyncIterator<T, undefined> {
  private readonly buffer = new DeliveryBuffer<Delivery>();
  private readonly stopping = new AbortController();
  private session: PullSession | undefined;
  private upcoming: number;
  private incarnation: string | undefined;
  private running = false;

  constructor(
    private readonly link: NatsLink,
    private readonly source: FeedSource,
    private readonly read: (delivery: Delivery) => T,
  ) {
    this.upcoming = source.from === 'last-per-subject' ? 1 : Math.max(1, source.from);
  }

  [Symbol.asyncIterator](): this {
    if (!this.running) {
      this.running = true;
      this.supervise().catch((error: Error) => this.buffer.fail(error));
    }
    return this;
  }

  stop(): void {
    this.stopping.abort();
    this.session?.close();
    this.buffer.end();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const delivery = this.buffer.take();
    return delivery === undefined ? this.later() : Promise.resolve(this.given(delivery));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  private async later(): Promise<IteratorResult<T, undefined>> {
    const delivery = await this.buffer.wait();
    return delivery === undefined ? { done: true, value: undefined } : this.given(delivery);
  }

  private given(delivery: Delivery): IteratorResult<T, undefined> {
    this.session?.askForMore();
    return { done: false, value: this.read(delivery) };
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async supervise(): Promise<void> {
    const manager = await managerOf(this.link, OPEN_TIMEOUT_MS);
    for (let pauseMs = FIRST_PAUSE_MS; !this.stopped;) {
      if (this.link.isClosed) throw this.link.closedError();
      const before = this.upcoming;
      const outcome = this.link.isConnected ? await this.runSession(manager) : 'there is no connection';
      if (outcome instanceof Error) throw outcome;
      if (this.stopped) return;
      if (this.link.isConnected)
        this.link.report('warn', `Following ${this.source.stream} goes on after ${this.upcoming - 1}: ${outcome}`);
      pauseMs = this.upcoming > before ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await this.pause(pauseMs);
    }
  }

  /** One session from beginning to end: why it ended, or the reason why there can be no other. */
  private async runSession(manager: JetStreamManager): Promise<string | Error> {
    try {
      const { from } = this.source;
      const start = { ...this.source, from: from === 'last-per-subject' ? from : this.upcoming };
      if (from !== 'last-per-subject') {
        const wrong = await this.checkPast(manager);
        if (wrong) return wrong;
      }
      return await this.readSession(manager, start);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async readSession(manager: JetStreamManager, start: PullStart): Promise<string | Error> {
    let unbroken: Unbroken<Delivery> | undefined;
    try {
      return await new Promise<string | Error>((resolve, reject) => {
        unbroken = this.isWhole ? this.unbroken(manager, resolve) : undefined;
        const reader = {
          onDelivery: (delivery: Delivery) => (unbroken ? unbroken.take(delivery) : this.deliver(delivery)),
          onEnd: resolve,
          backlog: () => this.buffer.length + (unbroken?.waiting ?? 0),
        };
        PullSession.open(this.link, manager, start, reader).then((session) => this.opened(session, resolve), reject);
      });
    } finally {
      unbroken?.stop();
    }
  }

  private unbroken(manager: JetStreamManager, end: (reason: string | Error) => void): Unbroken<Delivery> {
    return new Unbroken<Delivery>({
      upcoming: () => this.upcoming,
      pass: (delivery) => this.deliver(delivery),
      whyMissing: () => this.checkPast(manager),
      onEnd: (reason) => {
        this.session?.close();
        end(reason);
      },
    });
  }

  private opened(session: PullSession, end: (reason: string) => void): void {
    if (!this.stopped) {
      this.session = session;
      this.stopping.signal.addEventListener('abort', () => end('stopped'), { once: true });
    } else {
      session.close();
      end('stopped');
    }
  }

  /** Whether nothing that came before the first message may be missing. */
  private get isWhole(): boolean {
    return this.source.filterSubject === undefined && this.source.from !== 'last-per-subject';
  }

  private deliver(delivery: Delivery): void {
    this.upcoming = delivery.sequence + 1;
    this.buffer.push(delivery);
  }

  /** Whether the stream is still the one that was followed, and goes on where the reader is. */
  private async checkPast(manager: JetStreamManager): Promise<Error | undefined> {
    const { stream } = this.source;
    const info = await manager.streams.info(stream);
    const incarnation = incarnationOf(info);
    this.incarnation ??= incarnation;
    if (incarnation !== this.incarnation)
      return new Error(
        `Cannot follow ${stream}: it was made anew at ${info.created}; what was built from it must be built again`,
      );
    const { first_seq: first, last_seq: last } = info.state;
    return missingPast(stream, this.upcoming, this.isWhole ? first : 0, last);
  }

  /** Sleeps, but not longer than until the connection is there or the feed is stopped. */
  private async pause(ms: number): Promise<void> {
    const waking = new AbortController();
    const wake = (): void => waking.abort();
    const unwatch = this.link.onChange(wake);
    this.stopping.signal.addEventListener('abort', wake, { once: true });
    await systemClock.sleep(ms, waking.signal).catch(() => undefined);
    this.stopping.signal.removeEventListener('abort', wake);
    unwatch();
  }
}
