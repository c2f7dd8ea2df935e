import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager, ReplayPolicy } from '@nats-io/jetstream';
import { type Msg, nanos, nuid, type Subscription } from '@nats-io/transport-node';
import { systemClock } from '../clock/clock.system.js';
import type { Alarm } from '../ports/clock.js';
import { Delivery } from './delivery.jetstream.js';
import type { NatsLink } from './link.jetstream.js';

/** Messages asked for and not read yet at most: a slow reader holds this many in memory. */
export const FEED_WINDOW = 4096;
const BATCH = FEED_WINDOW / 2;
/** After this the server forgets a request, and we ask again, ms. */
const REQUEST_MS = 30_000;
/** The server gives a sign of life this often while it has nothing to deliver, ms. */
const HEARTBEAT_MS = 500;
/** Beats missed in a row that end the session. Beats are counted, not timed, so that a busy process does not mistrust the server. */
const MAX_MISSED_BEATS = 3;
/** The server forgets a consumer that nobody asks for messages for so long, ms. */
const INACTIVE_MS = 60_000;

export interface PullStart {
  readonly stream: string;
  readonly filterSubject?: string;
  /** A sequence, or the last message of each subject first. */
  readonly from: number | 'last-per-subject';
}

/** Who reads a session. */
export interface PullReader {
  /** Every message, in order. */
  onDelivery(delivery: Delivery): void;
  /** Called once, when nothing will come any more; not after `close()`. */
  onEnd(reason: string): void;
  /** Messages delivered and not read yet, of this session or an earlier one. */
  backlog(): number;
}

/**
 * One unbroken run of messages from a consumer of its own on the server: without acknowledgements, in memory. It ends at the first
 * sign that a message may be missing; whoever wants to go on opens the next one.
 */
export class PullSession {
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private readonly nextSubject: string;
  private outstanding = 0;
  private delivered = 0;
  private missedBeats = 0;
  private readonly unwatch: () => void;
  private watchdog: Alarm | undefined;
  private ended = false;

  private constructor(
    private readonly link: NatsLink,
    start: PullStart,
    consumer: string,
    private readonly reader: PullReader,
  ) {
    this.inbox = link.newInbox() + 'd';
    this.nextSubject = `$JS.API.CONSUMER.MSG.NEXT.${start.stream}.${consumer}`;
    this.subscription = link.nc.subscribe(this.inbox, {
      callback: (error, message) => (error ? this.end(error.message) : this.received(message)),
    });
    this.unwatch = link.onChange(() => !link.isConnected && this.end('the connection broke'));
    this.watch();
    this.askForMore();
  }

  static async open(link: NatsLink, manager: JetStreamManager, start: PullStart, on: PullReader): Promise<PullSession> {
    const { name } = await manager.consumers.add(start.stream, configOf(start));
    return new PullSession(link, start, name, on);
  }

  /** To be called when the backlog has become shorter. */
  askForMore(): void {
    if (this.ended || this.outstanding + this.reader.backlog() > FEED_WINDOW - BATCH) return;
    this.outstanding += BATCH;
    const request = { batch: BATCH, expires: nanos(REQUEST_MS), idle_heartbeat: nanos(HEARTBEAT_MS) };
    this.link.nc.publish(this.nextSubject, JSON.stringify(request), { reply: this.inbox });
  }

  close(): void {
    this.ended = true;
    this.watchdog?.cancel();
    this.unwatch();
    this.subscription.unsubscribe();
  }

  private received(message: Msg): void {
    this.missedBeats = 0;
    const delivery = Delivery.from(message);
    if (!delivery) return this.receivedStatus(message);
    if (delivery.delivered !== this.delivered + 1)
      return this.end(`message ${this.delivered + 1} of the consumer is missing`);
    this.delivered++;
    this.outstanding--;
    this.reader.onDelivery(delivery);
  }

  private receivedStatus({ headers }: Msg): void {
    const code = headers?.code ?? 0;
    if (code === 100) return;
    if (code !== 408) return this.end(`the server says ${code} ${headers?.description ?? ''}`);
    const left = Number(headers?.get('Nats-Pending-Messages') || this.outstanding);
    this.outstanding = Math.max(0, this.outstanding - left);
    this.askForMore();
  }

  private watch(): void {
    this.watchdog = systemClock.after(HEARTBEAT_MS, () => {
      if (this.ended) return;
      // Without an open request the server owes us nothing.
      if (this.outstanding > 0 && ++this.missedBeats > MAX_MISSED_BEATS) return this.end('the server is silent');
      this.watch();
    });
  }

  private end(reason: string): void {
    if (this.ended) return;
    this.close();
    this.reader.onEnd(reason);
  }
}

function configOf({ from, filterSubject }: PullStart): Partial<ConsumerConfig> {
  return {
    name: nuid.next(),
    ack_policy: AckPolicy.None,
    replay_policy: ReplayPolicy.Instant,
    max_deliver: 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(INACTIVE_MS),
    ...(filterSubject !== undefined && { filter_subject: filterSubject }),
    ...(from === 'last-per-subject'
      ? { deliver_policy: DeliverPolicy.LastPerSubject }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from }),
  };
}
