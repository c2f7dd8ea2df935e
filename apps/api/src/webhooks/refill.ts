import type { ArchiveReader } from '../archive/archive-reader.js';
import type { ArchivedEvent } from '../archive/archived-event.js';
import { wants, type Wishes } from './matching.js';

/** Events that are looked at in one transaction, while the archiver may wait for it. */
export const REFILL_PAGE = 1_000;

/** A gap: from this sequence on, nothing was queued. */
export interface Gap extends Wishes {
  readonly endpointId: string;
  readonly missedFrom: number;
  /** How many deliveries may yet be queued. */
  readonly room: number;
}

/** What becomes of a gap: these are queued, and it begins behind them, or is closed. */
export interface Filled {
  readonly events: readonly ArchivedEvent[];
  readonly missedFrom: number | undefined;
}

export interface GapStore {
  /** Endpoints that are enabled and have a gap. */
  gaps(): Promise<readonly string[]>;
  /** Fills the gap while nobody else touches it, the archiver included. Does nothing when it is closed, or in other hands. */
  fill(endpointId: string, work: (gap: Gap) => Promise<Filled>): Promise<void>;
}

/** One step for each gap. Returns the endpoints that something was queued for. */
export async function refill(store: GapStore, archive: Pick<ArchiveReader, 'find'>): Promise<string[]> {
  const filled: string[] = [];
  for (const id of await store.gaps())
    await store.fill(id, async (gap) => {
      const step = await fillFrom(archive, gap);
      if (step.events.length > 0) filled.push(id);
      return step;
    });
  return filled;
}

async function fillFrom(archive: Pick<ArchiveReader, 'find'>, gap: Gap): Promise<Filled> {
  const page = await archive.find({ after: gap.missedFrom - 1, order: 'oldest', limit: REFILL_PAGE });
  const wanted = page.filter((event) => wants(gap, event));
  const events = wanted.slice(0, gap.room);
  const left = wanted[gap.room];
  if (left !== undefined) return { events, missedFrom: left.sequence };
  const last = page.at(-1);
  return { events, missedFrom: page.length < REFILL_PAGE || !last ? undefined : last.sequence + 1 };
}
