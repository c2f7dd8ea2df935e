import type pg from 'pg';
import type { ArchivedEvent } from './archived-event.js';

/** An event with the day under which it is archived, like `2026-01-31`. */
export type DatedEvent = ArchivedEvent & { readonly day: string };

/** What must be written if and only if the events are archived; in the transaction that archives them. */
export interface Companion {
  /** In the order of the log, each event once, when they are in the archive already. What it throws undoes the batch, which is then tried again. */
  write(client: pg.ClientBase, events: readonly DatedEvent[]): Promise<void>;

  /** Those events are archived now, and what was written for them is there. */
  committed?(events: readonly DatedEvent[]): void;
}
