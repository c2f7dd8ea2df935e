import type pg from 'pg';
import { orUnavailable } from '../projections/database.postgres.js';
import { onClient } from '../projections/on-client.postgres.js';
import { ARCHIVED } from './archive-reader.postgres.js';
import { EVENT_TABLE, HEAD_TABLE, HOLE_TABLE } from './archive-tables.postgres.js';
import type { ArchivedEvent } from './archived-event.js';
import type { StoredArchive, StoredRow } from './stored-archive.js';

/** Rows that are read at once. */
const PAGE_ROWS = 5_000;
const ONE_MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

interface HeadColumns {
  readonly sequence: string;
  readonly hash: Buffer;
  readonly day: string | null;
  readonly incarnation: string | null;
  readonly first: string | null;
  readonly anchor: Buffer;
}

/** Hands the whole archive over as it is now, however long the work with it takes. */
export function withStoredArchive<T>(pool: pg.Pool, work: (archive: StoredArchive) => Promise<T>): Promise<T> {
  return onClient(pool, async (client) => {
    await client.query(ONE_MOMENT);
    const done = await work(await orUnavailable('read the archive', () => open(client)));
    await client.query('ROLLBACK').catch(() => undefined);
    return done;
  });
}

async function open(client: pg.ClientBase): Promise<StoredArchive> {
  const { rows } = await client.query<HeadColumns>(
    `SELECT sequence, hash, day::text, incarnation, first_sequence AS first, anchor FROM ${HEAD_TABLE}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`Table ${HEAD_TABLE} has no row: the archive cannot be read`);
  const holes = await client.query<{ first: number; last: number }>(
    `SELECT first::float8, last::float8 FROM ${HOLE_TABLE}`,
  );
  const { sequence, hash, day, incarnation, first, anchor } = row;
  return {
    head: { sequence: Number(sequence), hash, day: day ?? '', incarnation: incarnation ?? undefined },
    first: first === null ? undefined : Number(first),
    anchor,
    holes: holes.rows,
    rows: pages(client),
  };
}

async function* pages(client: pg.ClientBase): AsyncGenerator<StoredRow> {
  const text = `SELECT ${ARCHIVED}, day::text, hash FROM ${EVENT_TABLE}
    WHERE (sequence, day) > ($1, $2) AND sequence >= $1 AND day >= $2 ORDER BY sequence, day LIMIT ${PAGE_ROWS}`;
  for (let [sequence, day] = [0, '-infinity']; ;) {
    const { rows } = await client.query<ArchivedEvent & Pick<StoredRow, 'day' | 'hash'>>(text, [sequence, day]);
    for (const { day: rowDay, hash, ...event } of rows) yield { event, day: rowDay, hash };
    const last = rows.at(-1);
    if (last === undefined) return;
    [sequence, day] = [last.sequence, last.day];
  }
}
