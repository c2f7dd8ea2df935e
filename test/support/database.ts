import pg from 'pg';
import type { Fleet } from './fleet.js';

/** Rows of one query against the fleet's database. */
export async function rowsOf<R extends pg.QueryResultRow>(
  fleet: Fleet,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: fleet.databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Id and sequence of every archived event, in order; of one subject alone when it is named. */
export async function archivedEvents(fleet: Fleet, subjectId?: string): Promise<[id: string, sequence: number][]> {
  const rows = await rowsOf<{ id: string; sequence: string }>(
    fleet,
    'SELECT id, sequence FROM archive.event WHERE $1::text IS NULL OR subject_id = $1 ORDER BY sequence',
    [subjectId ?? null],
  );
  return rows.map(({ id, sequence }) => [id, Number(sequence)]);
}
