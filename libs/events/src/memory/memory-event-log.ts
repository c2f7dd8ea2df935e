import { Unavailable } from '../fault.js';
import type { EventAppender, EventLog, LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import { EVENTS_STREAM, eventSubject } from '../subjects.js';
import { type AnswerAppend, type GuardedAppend, GuardedAppender } from '../wire/guarded-appender.js';
import { EventWriter } from '../wire/event-text.js';
import { WholeLog } from '../wire/log-feed.js';
import { StoredEvent } from '../wire/stored-event.js';
import { MemoryFeed } from './memory-feed.js';
import type { MemoryLink } from './memory-link.js';
import { MemoryLogKeeper } from './memory-log-keeper.js';
import type { MemoryMessage } from './memory-stream.js';

export class MemoryEventLog implements EventLog {
  private readonly text = new EventWriter();

  constructor(private readonly link: MemoryLink) {}

  follow(fromSequence: number): Feed<LoggedEvent> {
    if (fromSequence > 1) return this.followEvents(fromSequence);
    const { link } = this;
    return new WholeLog({
      keeper: new MemoryLogKeeper(link),
      incarnation: () => this.incarnation(),
      events: (from) => this.followEvents(from),
      isClosed: () => link.closed,
      sleep: (ms, signal) => link.clock.sleep(ms, signal),
    });
  }

  private followEvents(from: number): Feed<LoggedEvent> {
    const { events } = this.link.server;
    const read = ({ sequence, text }: MemoryMessage) => new StoredEvent(sequence, text);
    return new MemoryFeed(this.link, events, EVENTS_STREAM, from, read);
  }

  lastSequence(): Promise<number> {
    return this.link.request(`${EVENTS_STREAM}.last`, () => this.link.server.events.last);
  }

  incarnation(): Promise<string> {
    return this.link.request(`${EVENTS_STREAM}.created`, () => this.link.server.incarnation);
  }

  appender(afterSequence: number): EventAppender {
    return new GuardedAppender(afterSequence, this.link.id, (append, answer) => this.send(append, answer));
  }

  private send(append: GuardedAppend, answer: AnswerAppend): void {
    const { recorded, messageId, expectedLast, expectedLastId } = append;
    const subject = eventSubject(recorded.event);
    const guard = { expectedLast, ...(expectedLastId !== undefined && { expectedLastId }) };
    const message = { subject, text: this.text.write(recorded), messageId, ...guard };
    this.link
      .request(subject, () => this.link.server.events.append(message))
      .then(
        (published) => answer(append, published),
        (error: unknown) => answer(append, error instanceof Error ? error : new Unavailable('nats', String(error))),
      );
  }
}
