import type { ArchivedEvent } from '../../archive/archived-event.js';
import type { ArchiveReader, EventQuery } from '../../archive/archive-reader.js';

/** Events read at once. */
const READ_EVENTS = 500;

/** Several questions to the archive, answered as one, newest first. What two of them find comes twice. */
export class NewestFirst {
  private readonly heads: Head[];

  constructor(archive: Pick<ArchiveReader, 'find'>, questions: readonly Omit<EventQuery, 'order' | 'limit'>[]) {
    this.heads = questions.map((question) => new Head(archive, question));
  }

  /** Undefined: there is no more. */
  async next(): Promise<ArchivedEvent | undefined> {
    const events = await Promise.all(this.heads.map((head) => head.peek()));
    let newest: Head | undefined;
    let found: ArchivedEvent | undefined;
    for (const [place, event] of events.entries()) {
      if (event === undefined || (found !== undefined && event.sequence <= found.sequence)) continue;
      [newest, found] = [this.heads[place], event];
    }
    newest?.pass();
    return found;
  }
}

class Head {
  private page: readonly ArchivedEvent[] = [];
  private place = 0;
  private isLast = false;
  private before: number | undefined;

  constructor(
    private readonly archive: Pick<ArchiveReader, 'find'>,
    private readonly question: Omit<EventQuery, 'order' | 'limit'>,
  ) {
    this.before = question.before;
  }

  async peek(): Promise<ArchivedEvent | undefined> {
    if (this.place === this.page.length && !this.isLast) await this.read();
    return this.page[this.place];
  }

  pass(): void {
    this.place++;
  }

  private async read(): Promise<void> {
    const { before } = this;
    const part = {
      ...this.question,
      ...(before !== undefined && { before }),
      order: 'newest',
      limit: READ_EVENTS,
    } as const;
    this.page = await this.archive.find(part);
    this.place = 0;
    this.isLast = this.page.length < READ_EVENTS;
    this.before = this.page.at(-1)?.sequence;
  }
}
