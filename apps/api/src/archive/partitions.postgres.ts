import type pg from 'pg';
import { dayOf } from './chain.js';
import { EVENT_TABLE, partitionOf } from './archive-tables.postgres.js';

/** Names the advisory lock under which partitions are made and dropped: "PART" in ASCII. */
const PARTITION_LOCK = 0x50415254;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const dayAfter = (day: string): string => dayOf(Date.parse(day) + DAY_MS);

/** Makes the table of each day when its first event comes. */
export class DayPartitions {
  private readonly known = new Set<string>();

  constructor(private readonly pool: pg.Pool) {}

  async make(days: Iterable<string>): Promise<void> {
    for (const day of days) {
      if (this.known.has(day)) continue;
      await this.pool.query(making(day));
      this.known.add(day);
    }
  }
}

/** Attaching a table that was made beside the others holds up no reader; to make it as a partition would. */
function making(day: string): string {
  if (!DAY.test(day)) throw new Error(`Cannot make a partition for day "${day}": it must be like 2026-01-31`);
  const table = partitionOf(day);
  return `DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(${PARTITION_LOCK});
    IF to_regclass('${table}') IS NULL THEN
      CREATE TABLE ${table} (LIKE ${EVENT_TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE ${EVENT_TABLE} ATTACH PARTITION ${table} FOR VALUES FROM ('${day}') TO ('${dayAfter(day)}');
    END IF;
  END $$`;
}

/** The table of a day that is there. */
export interface Partition {
  readonly table: string;
  /** Like `2026-01-31`. */
  readonly day: string;
}

/** By day, the oldest first. */
export async function partitionsOf(client: pg.ClientBase): Promise<Partition[]> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT inhrelid::regclass::text AS table FROM pg_inherits WHERE inhparent = '${EVENT_TABLE}'::regclass`,
  );
  const dated = rows.flatMap(({ table }) => {
    const [, year, month, day] = /_(\d{4})(\d{2})(\d{2})$/.exec(table) ?? [];
    return year === undefined ? [] : [{ table, day: `${year}-${month}-${day}` }];
  });
  return dated.sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Runs work while nobody else makes or drops partitions; inside a transaction. */
export const lockPartitions = (client: pg.ClientBase): Promise<unknown> =>
  client.query(`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`);
