import type pg from 'pg';
import { dayOf } from '../archive/chain.js';
import { orUnavailable } from '../projections/database.postgres.js';

/** Tables that are made before their day: today's, and of days on which the sweep may not run. */
const DAYS_AHEAD = 3;
/** What waits so long for its event in the log waits for a command that was never sent. */
const LEFTOVER_LIMIT = `interval '7 days'`;
/** A process that is seen no more. */
const WORKER_LIMIT = `interval '1 day'`;
/** Rows that one statement deletes, so that none holds the others up for long. */
const PAGE = 10_000;
const DAY_MS = 86_400_000;
/** Names the advisory lock under which tables of days are made: "HOOK" in ASCII. */
const HOOK_LOCK = 0x484f4f4b;

export interface SweepOrder {
  /** Unix ms. */
  readonly now: number;
  /** How long attempts are kept, ms. */
  readonly keepMs: number;
}

/** Makes room: old attempts, what waits for webhooks that are gone, what was never to come. Any number of replicas may sweep. */
export function sweepWebhooks(pool: pg.Pool, { now, keepMs }: SweepOrder): Promise<void> {
  return orUnavailable('sweep webhooks', async () => {
    for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) await pool.query(making(now + ahead * DAY_MS));
    const first = dayOf(now - keepMs);
    await dropBefore(pool, first);
    await inPages(pool, `attempt_other WHERE day < '${first}'`);
    await pool.query(
      `DELETE FROM webhook.endpoint WHERE state = 'creating' AND created_at < now() - ${LEFTOVER_LIMIT}`,
    );
    await pool.query(`DELETE FROM webhook.change WHERE made_at < now() - ${LEFTOVER_LIMIT}`);
    await pool.query(`DELETE FROM webhook.worker WHERE seen_at < now() - ${WORKER_LIMIT}`);
    await inPages(pool, 'delivery WHERE NOT EXISTS (SELECT FROM webhook.endpoint WHERE endpoint.id = endpoint_id)');
  });
}

/** Attaching a table holds up no writer for long. Not for a day of which attempts are in the table for all others. */
function making(time: number): string {
  const [day, next] = [dayOf(time), dayOf(time + DAY_MS)];
  const table = `webhook.attempt_${day.replaceAll('-', '')}`;
  return `DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(${HOOK_LOCK});
    IF to_regclass('${table}') IS NULL AND NOT EXISTS (SELECT FROM webhook.attempt_other WHERE day = '${day}') THEN
      CREATE TABLE ${table} (LIKE webhook.attempt INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE webhook.attempt ATTACH PARTITION ${table} FOR VALUES FROM ('${day}') TO ('${next}');
    END IF;
  END $$`;
}

async function dropBefore(pool: pg.Pool, firstDay: string): Promise<void> {
  const text = `SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'webhook.attempt'::regclass AND relname ~ '^attempt_[0-9]{8}$' AND relname < $1`;
  const { rows } = await pool.query<{ relname: string }>(text, [`attempt_${firstDay.replaceAll('-', '')}`]);
  for (const { relname } of rows) await pool.query(`DROP TABLE IF EXISTS webhook.${relname}`);
}

async function inPages(pool: pg.Pool, which: string): Promise<void> {
  const [table = ''] = which.split(' ');
  const text = `DELETE FROM webhook.${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM webhook.${which} LIMIT ${PAGE}))`;
  while (((await pool.query(text)).rowCount ?? 0) === PAGE);
}
