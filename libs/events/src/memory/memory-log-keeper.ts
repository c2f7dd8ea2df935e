import type { LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import type { CutStream, KeptRemnant, Remnant, LogKeeper } from '../ports/log-keeper.js';
import { REMNANT_STREAM, draftSubject, EVENTS_STREAM } from '../subjects.js';
import { logRemnantText, readRemnant } from '../wire/log-remnant-text.js';
import { StoredEvent } from '../wire/stored-event.js';
import { MemoryFeed } from './memory-feed.js';
import type { MemoryLink } from './memory-link.js';
import { MemoryStream } from './memory-stream.js';

/** So few that a test sees the steps. */
const EVENTS_PER_CUT = 100;
const CURRENT = 'current';

export class MemoryLogKeeper implements LogKeeper {
  constructor(private readonly link: MemoryLink) {}

  async remnant(): Promise<KeptRemnant | undefined> {
    const entry = await this.link.request(REMNANT_STREAM, () => this.link.server.remnant.get(CURRENT));
    return entry && { remnant: readRemnant(entry.text), revision: entry.revision };
  }

  addToDraft(name: string, events: readonly LoggedEvent[]): Promise<void> {
    const subject = draftSubject(name);
    return this.link.request(subject, () => {
      const stream = this.streamOf(name);
      for (const { sequence, raw } of events) stream.append({ subject, text: `${sequence}\n${raw}` });
    });
  }

  followDraft(name: string): Feed<LoggedEvent> {
    return new MemoryFeed(this.link, this.streamOf(name), REMNANT_STREAM, 1, ({ text }) => {
      const end = text.indexOf('\n');
      return new StoredEvent(Number(text.slice(0, end)), text.slice(end + 1));
    });
  }

  replaceRemnant(remnant: Remnant, revision: number): Promise<number | undefined> {
    return this.link.request(REMNANT_STREAM, () =>
      this.link.server.remnant.update(CURRENT, logRemnantText(remnant), revision),
    );
  }

  dropDrafts(except: readonly string[]): Promise<void> {
    const { drafts } = this.link.server;
    return this.link.request(REMNANT_STREAM, () => {
      for (const name of [...drafts.keys()]) if (!except.includes(name)) drafts.delete(name);
    });
  }

  extentOf(stream: CutStream): Promise<{ readonly first: number; readonly last: number }> {
    return this.link.request(`${stream}.last`, () => {
      const { first, last } = this.cutStream(stream);
      return { first, last };
    });
  }

  lastBefore(stream: CutStream, time: number): Promise<number> {
    return this.link.request(`${stream}.time`, () => this.cutStream(stream).lastBefore(time));
  }

  cutEvents(upTo: number): Promise<number> {
    const { events } = this.link.server;
    return this.link.request(`${EVENTS_STREAM}.cut`, () => {
      events.cutThrough(Math.min(upTo, events.first + EVENTS_PER_CUT - 1, events.last - 1));
      return events.first;
    });
  }

  settle(): Promise<void> {
    return this.link.request(`${EVENTS_STREAM}.settle`, () => undefined);
  }

  cutCommands(upTo: number): Promise<void> {
    return this.link.request('COMMANDS.cut', () => this.link.server.commands.cutThrough(upTo));
  }

  private cutStream(stream: CutStream): MemoryStream {
    return stream === 'EVENTS' ? this.link.server.events : this.link.server.commands;
  }

  private streamOf(name: string): MemoryStream {
    const { clock, drafts } = this.link.server;
    const stream = drafts.get(name) ?? new MemoryStream(clock, 0);
    drafts.set(name, stream);
    return stream;
  }
}
