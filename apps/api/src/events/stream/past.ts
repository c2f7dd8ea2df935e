import type { ArchivedEvent } from '../../archive/archived-event.js';
import type { ArchiveReader } from '../../archive/archive-reader.js';
import type { EventFilter } from '../event-query.dto.js';
import { type Batch, BATCH_BYTES } from './batches.js';
import { eventFrame } from './frame.js';
import { fullType } from './live-event.js';
import { Slots } from './slots.js';

/** Events of one page read from the archive for a follower. */
export const PAST_PAGE_EVENTS = 100;
/** Followers that read from the archive at once: the doors need its connections, too. */
export const READERS_AT_ONCE = 3;

export interface PastPage {
  readonly events: readonly ArchivedEvent[];
  /** Up to here all was looked at. */
  readonly upTo: number;
}

/** What followers have missed, read from the archive, page by page. */
export class Past {
  private readonly slots = new Slots(READERS_AT_ONCE);

  constructor(
    private readonly archive: Pick<ArchiveReader, 'find' | 'extent'>,
    private readonly pageEvents = PAST_PAGE_EVENTS,
  ) {}

  /** Sequence after which everything is still kept: from an earlier one nobody can go on. */
  async reachesBackTo(): Promise<number> {
    return (await this.archive.extent()).first - 1;
  }

  /** What comes after the sequence; undefined: some of that is kept no longer. Throws `Unavailable`. */
  after(sequence: number, filter: EventFilter): Promise<PastPage | undefined> {
    return this.slots.use(async () => {
      const { last } = await this.archive.extent();
      if (last <= sequence) return { events: [], upTo: sequence };
      const limit = this.pageEvents;
      const events = await this.archive.find({ ...filter, after: sequence, before: last + 1, order: 'oldest', limit });
      // Looked at last, because days may be dropped at any time.
      if (sequence < (await this.reachesBackTo())) return undefined;
      return { events, upTo: events.length < limit ? last : (events.at(-1) as ArchivedEvent).sequence };
    });
  }
}

/** The page as frames, in pieces of a size that may wait for a client. */
export function* piecesOf({ events, upTo }: PastPage): Generator<Batch> {
  let frames: Buffer[] = [];
  let bytes = 0;
  for (const event of events) {
    const frame = eventFrame(event.sequence, fullType(event), event.body);
    frames.push(frame);
    bytes += frame.length;
    if (bytes < BATCH_BYTES) continue;
    yield { bytes: Buffer.concat(frames), events: frames.length, told: event.sequence, upTo: event.sequence };
    [frames, bytes] = [[], 0];
  }
  const told = events.at(-1)?.sequence ?? 0;
  yield { bytes: frames.length === 0 ? undefined : Buffer.concat(frames), events: frames.length, told, upTo };
}
