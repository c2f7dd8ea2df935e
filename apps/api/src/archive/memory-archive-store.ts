import type { ArchivedEvent } from './archived-event.js';
import type { ArchiveStore } from './archive-store.js';
import { type ArchiveBatch, type ArchiveHead, type ArchiveLink, EMPTY_ARCHIVE, type Hole } from './chain.js';
import { MemoryArchive } from './memory-archive.js';

/** What the archiver writes to, in memory. */
export class MemoryArchiveStore implements ArchiveStore {
  readonly archive = new MemoryArchive();
  readonly links: ArchiveLink[] = [];
  readonly holes: Hole[] = [];
  private at: ArchiveHead = EMPTY_ARCHIVE;

  async head(): Promise<ArchiveHead> {
    return this.at;
  }

  async tail(): Promise<ArchivedEvent | undefined> {
    return this.links.at(-1)?.event;
  }

  async append({ from, to, links, holes }: ArchiveBatch): Promise<boolean> {
    if (from.sequence !== this.at.sequence || !from.hash.equals(this.at.hash)) return false;
    this.links.push(...links);
    this.holes.push(...holes);
    this.archive.events.push(...links.map(({ event }) => event));
    this.at = to;
    return true;
  }
}
