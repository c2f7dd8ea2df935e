import { Unavailable } from '../fault.js';
import type { EventAppender, EventLog, LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import { EVENTS_STREAM, eventSubject } from '../subjects.js';
import { type AppendAnswer, type GuardedAppend, GuardedAppender } from '../wire/guarded-appender.js';
import { eventText, StoredEvent } from '../wire/stored-event.js';
import { MemoryFeed } from './memory-feed.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryEventLog implements EventLog {
  constructor(private readonly link: MemoryLink) {}

  follow(fromSequence: number): Feed<LoggedEvent> {
    const { events } = this.link.server;
    return new MemoryFeed(this.link, events, EVENTS_STREAM, fromSequence, ({ sequence, text }) => {
      return new StoredEvent(sequence, text);
    });
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

  private send(append: GuardedAppend, answer: (result: AppendAnswer) => void): void {
    const { recorded, ...guard } = append;
    const subject = eventSubject(recorded.event);
    this.link
      .request(subject, () => this.link.server.events.append({ subject, text: eventText(recorded), ...guard }))
      .then(answer, (error: unknown) =>
        answer(error instanceof Error ? error : new Unavailable('nats', String(error))),
      );
  }
}
