import type pg from 'pg';
import { Unavailable } from '#events';
import { orUnavailable } from '../projections/database.postgres.js';
import { onClient } from '../projections/on-client.postgres.js';
import { insertText, valuesOf } from '../projections/unnest.postgres.js';
import { LINK_COLUMNS } from './archive-columns.postgres.js';
import type { ArchivedEvent } from './archived-event.js';
import { ARCHIVED } from './archive-reader.postgres.js';
import type { ArchiveStore } from './archive-store.js';
import { EVENT_TABLE, HEAD_TABLE, HOLE_TABLE } from './archive-tables.postgres.js';
import type { ArchiveBatch, ArchiveHead } from './chain.js';
import type { Companion } from './companion.postgres.js';
import { DayPartitions } from './partitions.postgres.js';

interface HeadColumns {
  readonly sequence: string;
  readonly hash: Buffer;
  readonly day: string | null;
  readonly incarnation: string | null;
}

const HEAD_PARAMETERS = 9;
/** The compare-and-set comes first: it holds other archivers until the rest is done. */
const APPEND = `
  WITH moved AS (
    UPDATE ${HEAD_TABLE} SET sequence = $1, hash = $2, day = $3, incarnation = $4,
      first_sequence = coalesce(first_sequence, $5), updated_at = now()
    WHERE sequence = $6 AND hash = $7 RETURNING 1
  ), missed AS (
    INSERT INTO ${HOLE_TABLE} (first, last) SELECT * FROM unnest($8::bigint[], $9::bigint[]) AS given
    WHERE EXISTS (SELECT FROM moved)
  ), written AS (
    ${insertText(EVENT_TABLE, LINK_COLUMNS, HEAD_PARAMETERS)} WHERE EXISTS (SELECT FROM moved)
  )
  SELECT FROM moved`;

/** The archive in the database. */
export class PostgresArchiveStore implements ArchiveStore {
  private readonly partitions: DayPartitions;

  /** The pool's sessions wait for the disk: whoever was told of an event finds it again after a crash of the database. */
  constructor(
    private readonly pool: pg.Pool,
    private readonly companions: readonly Companion[] = [],
  ) {
    this.partitions = new DayPartitions(pool);
  }

  async head(): Promise<ArchiveHead> {
    const text = `SELECT sequence, hash, day::text, incarnation FROM ${HEAD_TABLE}`;
    const { rows } = await orUnavailable('read where the archive ends', () => this.pool.query<HeadColumns>(text));
    const row = rows[0];
    if (row === undefined) throw new Unavailable('postgres', `Table ${HEAD_TABLE} has no row`);
    const { sequence, hash, day, incarnation } = row;
    return { sequence: Number(sequence), hash, day: day ?? '', incarnation: incarnation ?? undefined };
  }

  async tail(): Promise<ArchivedEvent | undefined> {
    const text = `SELECT ${ARCHIVED} FROM ${EVENT_TABLE} JOIN ${HEAD_TABLE} USING (sequence, day)`;
    const { rows } = await orUnavailable('read the end of the archive', () => this.pool.query<ArchivedEvent>(text));
    return rows[0];
  }

  append(batch: ArchiveBatch): Promise<boolean> {
    return orUnavailable(`archive events up to sequence ${batch.to.sequence}`, async () => {
      await this.partitions.make(new Set(batch.links.map(({ day }) => day)));
      return this.companions.length === 0 ? write(this.pool, batch) : this.writeTogether(batch);
    });
  }

  private writeTogether(batch: ArchiveBatch): Promise<boolean> {
    const events = batch.links.map(({ event, day }) => ({ ...event, day }));
    return onClient(this.pool, async (client) => {
      await client.query('BEGIN');
      const isWritten = await write(client, batch);
      if (isWritten) for (const companion of this.companions) await companion.write(client, events);
      await client.query(isWritten ? 'COMMIT' : 'ROLLBACK');
      if (isWritten) for (const companion of this.companions) companion.committed?.(events);
      return isWritten;
    });
  }
}

async function write(client: pg.Pool | pg.ClientBase, batch: ArchiveBatch): Promise<boolean> {
  const { from, to, links, holes } = batch;
  const result = await client.query({
    name: 'archive',
    text: APPEND,
    values: [
      ...[to.sequence, to.hash, to.day, to.incarnation, links[0]?.event.sequence, from.sequence, from.hash],
      ...[holes.map(({ first }) => first), holes.map(({ last }) => last)],
      ...valuesOf(links, LINK_COLUMNS),
    ],
  });
  return result.rowCount === 1;
}
