import { Nuid } from '@nats-io/transport-node';
import { systemClock } from '../clock/clock.system.js';
import type { EventAppender, EventLog, LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import { EVENTS_STREAM, eventSubject } from '../subjects.js';
import { type AnswerAppend, type GuardedAppend, GuardedAppender } from '../wire/guarded-appender.js';
import { EventWriter } from '../wire/event-text.js';
import { WholeLog } from '../wire/log-feed.js';
import { StoredEvent } from '../wire/stored-event.js';
import type { Delivery } from './delivery.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { JetStreamLogKeeper } from './log-keeper.jetstream.js';
import { lastSequence, streamInfo } from './stream-state.jetstream.js';
import { incarnationOf } from './streams.jetstream.js';
import { SupervisedFeed } from './supervised-feed.jetstream.js';
import { EXPECTED_LAST_MESSAGE_ID, EXPECTED_LAST_SEQUENCE, MESSAGE_ID, WireHeaders } from './wire-headers.jetstream.js';

/** Enough to be unique among all writers that a log ever has, and short, as every event carries it. */
const WRITER_ID_LENGTH = 10;

export class JetStreamEventLog implements EventLog {
  /** Different for each process, and each log in it. */
  private readonly writer = new Nuid().next().slice(0, WRITER_ID_LENGTH);
  private readonly text = new EventWriter();
  private readonly headers = new WireHeaders();

  constructor(private readonly link: NatsLink) {}

  follow(fromSequence: number): Feed<LoggedEvent> {
    if (fromSequence > 1) return this.followEvents(fromSequence);
    const { link } = this;
    return new WholeLog({
      keeper: new JetStreamLogKeeper(link),
      incarnation: () => this.incarnation(),
      events: (from) => this.followEvents(from),
      isClosed: () => link.isClosed,
      sleep: (ms, signal) => systemClock.sleep(ms, signal),
    });
  }

  private followEvents(from: number): Feed<LoggedEvent> {
    const source = { stream: EVENTS_STREAM, from };
    return new SupervisedFeed(this.link, source, (delivery) => storedEvent(delivery));
  }

  lastSequence(): Promise<number> {
    return lastSequence(this.link, EVENTS_STREAM);
  }

  /** Sequence of the first event that EVENTS still has. */
  async firstSequence(): Promise<number> {
    return (await streamInfo(this.link, EVENTS_STREAM)).state.first_seq;
  }

  async incarnation(): Promise<string> {
    return incarnationOf(await streamInfo(this.link, EVENTS_STREAM));
  }

  appender(afterSequence: number): EventAppender {
    return new GuardedAppender(afterSequence, this.writer, (append, answer) => this.send(append, answer));
  }

  private send(append: GuardedAppend, answer: AnswerAppend): void {
    const { recorded, messageId, expectedLast, expectedLastId } = append;
    const headers = this.headers.cleared().with(MESSAGE_ID, messageId).with(EXPECTED_LAST_SEQUENCE, expectedLast);
    if (expectedLastId !== undefined) headers.with(EXPECTED_LAST_MESSAGE_ID, expectedLastId);
    this.link.acks.send(eventSubject(recorded.event), Buffer.from(this.text.write(recorded)), headers, answer, append);
  }
}

const storedEvent = (delivery: Delivery): StoredEvent =>
  new StoredEvent(delivery.sequence, delivery.bytes, () => delivery.header(EXPECTED_LAST_SEQUENCE) !== undefined);
