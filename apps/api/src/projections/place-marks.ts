import type { Bookmark, Bookmarks, Clock, EventLog } from '#events';

/** How often the places are written down. */
export const MARK_EVERY_MS = 5_000;

/** Somebody in this process who has to read every event before it may be cut off the log. */
export interface MarkedReader {
  /** Of its bookmark: `projection`, `archive` (ADR 0025). */
  readonly name: string;
  /** Sequence of the last event that it has durably made its own. */
  readonly position: () => Promise<number>;
}

/**
 * Writes down beside the log how far its readers in Postgres are, so that the control plane, which has no database, cuts off nothing that
 * they have not read. All replicas do, and say the same: what the database holds.
 */
export class PlaceMarks {
  private trouble: string | undefined;

  constructor(
    private readonly readers: readonly MarkedReader[],
    private readonly bus: () => { readonly bookmarks: Bookmarks; readonly log: Pick<EventLog, 'incarnation'> },
    private readonly clock: Clock,
    private readonly onTrouble: (trouble: string) => void,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(MARK_EVERY_MS, signal).catch(() => undefined);
      if (!signal.aborted)
        await this.mark().then(
          () => this.tell(undefined),
          (error: unknown) => this.tell(String(error)),
        );
    }
  }

  private async mark(): Promise<void> {
    const { bookmarks, log } = this.bus();
    const incarnation = await log.incarnation();
    for (const { name, position } of this.readers) {
      const kept = await bookmarks.read(name);
      const mark: Bookmark = { incarnation, sequence: await position(), done: [] };
      if (kept?.bookmark.sequence === mark.sequence && kept.bookmark.incarnation === incarnation) continue;
      // Whoever was faster had read the same database.
      await bookmarks.move(name, mark, kept?.revision ?? 0);
    }
  }

  private tell(trouble: string | undefined): void {
    if (trouble !== undefined && trouble !== this.trouble) this.onTrouble(trouble);
    this.trouble = trouble;
  }
}
