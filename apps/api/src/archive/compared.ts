import type { LoggedEvent } from '#events';
import { archived } from './archived-event.js';
import { DamagedArchive, type StoredRow } from './stored-archive.js';

/** The part of the log that is there. */
export interface PresentLog {
  /** Sequence of its first event. */
  readonly first: number;
  /** From that event, or from the first row on. */
  readonly events: AsyncIterable<LoggedEvent>;
}

/** Gives the rows on as long as the log has the same events under the same sequences, as far back as it reaches. Throws `DamagedArchive`. */
export async function* comparedWith(log: PresentLog, rows: AsyncIterable<StoredRow>): AsyncGenerator<StoredRow> {
  const logged = log.events[Symbol.asyncIterator]();
  for await (const row of rows) {
    const { sequence, body } = row.event;
    if (sequence >= log.first) {
      const next = await logged.next();
      const there = next.done === true ? Infinity : next.value.sequence;
      if (there < sequence) throw new DamagedArchive(there, 'EVENTS has this event and the archive does not');
      if (there > sequence) throw new DamagedArchive(sequence, 'the archive has this event and EVENTS does not');
      if (next.done !== true && archived(next.value).body !== body)
        throw new DamagedArchive(sequence, 'EVENTS has another event there');
    }
    yield row;
  }
}
