import type { ArchivedEvent } from './archived-event.js';
import type { ArchiveBatch, ArchiveHead } from './chain.js';

/** What the archiver writes to. Every method throws `Unavailable` when the store is away. */
export interface ArchiveStore {
  head(): Promise<ArchiveHead>;

  /** The last event in it. */
  tail(): Promise<ArchivedEvent | undefined>;

  /**
   * Adds the batch, all of it or nothing. False when the archive no longer ends where the batch begins, because another archiver moved
   * it; then nothing changed. After `Unavailable` only `head` knows.
   */
  append(batch: ArchiveBatch): Promise<boolean>;
}
