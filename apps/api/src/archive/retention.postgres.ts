import type pg from 'pg';
import { orUnavailable } from '../projections/database.postgres.js';
import { onClient } from '../projections/on-client.postgres.js';
import { EVENT_TABLE, HEAD_TABLE, HOLE_TABLE } from './archive-tables.postgres.js';
import { dayOf } from './chain.js';
import { lockPartitions, type Partition, partitionsOf } from './partitions.postgres.js';

/** Readers and the archiver wait while a day is dropped; it is tried again later rather than have them wait longer, ms. */
const LOCK_LIMIT_MS = 1_000;

/** The last event of a day. */
interface DayEnd {
  readonly sequence: string;
  readonly hash: Buffer;
}

/**
 * Drops the days that ended before `now - keptMs`, whole and from the oldest on; never the newest, nor one of which a webhook still
 * needs an event. The hash of the last dropped event stays as the anchor, by which the rest can still be verified. Returns how many days.
 */
export function dropOldDays(pool: pg.Pool, keptMs: number, now: number): Promise<number> {
  const firstKept = dayOf(now - keptMs);
  return orUnavailable('drop old days of the archive', () =>
    onClient(pool, async (client) => {
      await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_LIMIT_MS}`);
      await lockPartitions(client);
      const dropped = await drop(client, firstKept);
      await client.query('COMMIT');
      return dropped;
    }),
  );
}

async function drop(client: pg.ClientBase, firstKept: string): Promise<number> {
  const old = (await partitionsOf(client)).slice(0, -1).filter(({ day }) => day < firstKept);
  if (old.length === 0) return 0;
  // The archiver waits here, not in the middle of a batch.
  await client.query(`SELECT FROM ${HEAD_TABLE} FOR UPDATE`);
  const needed = await firstNeeded(client);
  let dropped = 0;
  for (const { table } of old) {
    const end = await endOf(client, table);
    if (end !== undefined && Number(end.sequence) >= needed) break;
    await client.query(`DROP TABLE ${table}`);
    if (end !== undefined) await client.query(`UPDATE ${HEAD_TABLE} SET anchor = $1`, [end.hash]);
    dropped++;
  }
  if (dropped > 0) await noteFirst(client);
  return dropped;
}

async function endOf(client: pg.ClientBase, table: Partition['table']): Promise<DayEnd | undefined> {
  const { rows } = await client.query<DayEnd>(`SELECT sequence, hash FROM ${table} ORDER BY sequence DESC LIMIT 1`);
  return rows[0];
}

async function noteFirst(client: pg.ClientBase): Promise<void> {
  await client.query(`UPDATE ${HEAD_TABLE} SET first_sequence = (SELECT min(sequence) FROM ${EVENT_TABLE})`);
  await client.query(`DELETE FROM ${HOLE_TABLE} WHERE last < (SELECT first_sequence FROM ${HEAD_TABLE})`);
}

/** The first event that a webhook is still to be told, as far as there are webhooks. */
async function firstNeeded(client: pg.ClientBase): Promise<number> {
  const made = await client.query<{ made: boolean }>(`SELECT to_regclass('webhook.delivery') IS NOT NULL AS made`);
  if (made.rows[0]?.made !== true) return Infinity;
  const { rows } = await client.query<{ needed: string | null }>(`SELECT least(
    (SELECT min(sequence) FROM webhook.delivery WHERE state = 'due'),
    (SELECT min(missed_from) FROM webhook.endpoint WHERE state = 'enabled')) AS needed`);
  return Number(rows[0]?.needed ?? Infinity);
}
