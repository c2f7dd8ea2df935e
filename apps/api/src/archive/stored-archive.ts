import { FOUND_BY } from './archive-columns.postgres.js';
import { archived, type ArchivedEvent } from './archived-event.js';
import { type ArchiveHead, dayOf, type Hole, linkHash } from './chain.js';

/** One row as it is in the table, right or wrong. */
export interface StoredRow {
  readonly event: ArchivedEvent;
  readonly day: string;
  readonly hash: Buffer;
}

/** An archive as it was at one moment. */
export interface StoredArchive {
  readonly head: ArchiveHead;
  /** Sequence of the first row that it must have; undefined when it never had one. */
  readonly first: number | undefined;
  /** The hash before that row. */
  readonly anchor: Buffer;
  readonly holes: readonly Hole[];
  /** By sequence. */
  readonly rows: AsyncIterable<StoredRow>;
}

/** The archive is not what was written to it. `sequence` is the first one of which that is so. */
export class DamagedArchive extends Error {
  constructor(
    readonly sequence: number,
    readonly wrong: string,
  ) {
    super(`The archive is damaged at sequence ${sequence}: ${wrong}`);
    this.name = 'DamagedArchive';
  }
}

/** Gives the rows on as long as all is right: their order, their columns, the chain, and in the end the head. Throws `DamagedArchive`. */
export async function* verified({ head, first, anchor, holes, rows }: StoredArchive): AsyncGenerator<StoredRow> {
  const known = new Map(holes.map((hole) => [hole.first, hole.last]));
  let [next, hash, day] = [first ?? head.sequence + 1, anchor, ''];
  for await (const row of rows) {
    const { sequence, body } = row.event;
    if (next > head.sequence)
      throw new DamagedArchive(sequence, `the row is behind the head, which is ${head.sequence}`);
    if (sequence > next && known.get(next) !== sequence - 1) throw new DamagedArchive(next, 'the row is missing');
    if (sequence < next) throw new DamagedArchive(sequence, 'there is one row too many');
    checkColumns(row, day);
    hash = linkHash(hash, sequence, body);
    if (!hash.equals(row.hash)) throw new DamagedArchive(sequence, 'hash and body do not belong together');
    [next, day] = [sequence + 1, row.day];
    yield row;
  }
  if (next !== head.sequence + 1)
    throw new DamagedArchive(next, `rows are missing up to the head, which is ${head.sequence}`);
  if (!hash.equals(head.hash))
    throw new DamagedArchive(head.sequence, 'the hash of the head is not that of the last row');
}

function checkColumns({ event, day }: StoredRow, dayBefore: string): void {
  const told = archived({ sequence: event.sequence, raw: event.body });
  for (const [name, , value] of FOUND_BY) {
    const [is, must] = [value(event), value(told)];
    if (is !== must)
      throw new DamagedArchive(event.sequence, `column ${name} is "${String(is)}" and must be "${String(must)}"`);
  }
  const own = dayOf(told.time);
  const must = own > dayBefore ? own : dayBefore;
  // Before the first row that is kept there may have been a later day than its own.
  if (day !== must && !(dayBefore === '' && day > must))
    throw new DamagedArchive(event.sequence, `column day is "${day}" and must be "${must}"`);
}
