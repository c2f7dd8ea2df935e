import { nuid } from '@nats-io/transport-node';
import type { EventAppender, EventLog, LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import { EVENTS_STREAM, eventSubject } from '../subjects.js';
import { type AppendAnswer, type GuardedAppend, GuardedAppender } from '../wire/guarded-appender.js';
import { eventText, StoredEvent } from '../wire/stored-event.js';
import type { NatsLink } from './link.jetstream.js';
import { lastSequence, streamInfo } from './stream-state.jetstream.js';
import { SupervisedFeed } from './supervised-feed.jetstream.js';
import { EXPECTED_LAST_MESSAGE_ID, EXPECTED_LAST_SEQUENCE, MESSAGE_ID, WireHeaders } from './wire-headers.jetstream.js';

export class JetStreamEventLog implements EventLog {
  /** Different for each process, and each log in it. */
  private readonly writer = nuid.next();

  constructor(private readonly link: NatsLink) {}

  follow(fromSequence: number): Feed<LoggedEvent> {
    const source = { stream: EVENTS_STREAM, from: fromSequence };
    return new SupervisedFeed(this.link, source, ({ sequence, bytes }) => new StoredEvent(sequence, bytes));
  }

  lastSequence(): Promise<number> {
    return lastSequence(this.link, EVENTS_STREAM);
  }

  async incarnation(): Promise<string> {
    return (await streamInfo(this.link, EVENTS_STREAM)).created;
  }

  appender(afterSequence: number): EventAppender {
    return new GuardedAppender(afterSequence, this.writer, (append, answer) => this.send(append, answer));
  }

  private send(append: GuardedAppend, answer: (result: AppendAnswer) => void): void {
    const { recorded, messageId, expectedLast, expectedLastId } = append;
    const headers = new WireHeaders().with(MESSAGE_ID, messageId).with(EXPECTED_LAST_SEQUENCE, expectedLast);
    if (expectedLastId !== undefined) headers.with(EXPECTED_LAST_MESSAGE_ID, expectedLastId);
    this.link.acks.send(eventSubject(recorded.event), eventText(recorded), headers, answer);
  }
}
