import type pg from 'pg';
import { migrateArchive } from '../../../apps/api/src/archive/archive-schema.postgres.js';
import { withSchemaLock } from '../../../apps/api/src/projections/schema.postgres.js';
import { migrateWebhooks } from '../../../apps/api/src/webhooks/schema.postgres.js';

const DAY = '2026-01-01';
const SECRET = `whsec_${Buffer.alloc(32, 'bench').toString('base64')}`;

/** The tables of archive and webhooks, with one day's partition. */
export async function makeTables(url: string, pool: pg.Pool): Promise<void> {
  await withSchemaLock(url, async (client) => {
    await migrateArchive(url, client);
    await migrateWebhooks(url, client);
  });
  await pool.query(
    `CREATE TABLE archive.event_20260101 PARTITION OF archive.event FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')`,
  );
}

/** Endpoints as they are by default; the first of them can be the slow one. */
export async function makeEndpoints(
  pool: pg.Pool,
  count: number,
  sinkUrl: string,
  firstIsSlow: boolean,
): Promise<void> {
  await pool.query(
    `INSERT INTO webhook.endpoint (id, name, url, format, secrets, state)
     SELECT 'w' || n, 'bench ' || n, $2 || CASE WHEN n = 0 AND $3 THEN '/slow/' ELSE '/hook/' END || n,
       'standard-webhooks', $4::json, 'enabled'
     FROM generate_series(0, $1 - 1) AS n
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, version = webhook.endpoint.version + 1`,
    [count, sinkUrl, firstIsSlow, JSON.stringify([{ secret: SECRET }])],
  );
}

/** A CloudEvent of the usual size; `at` in it is when it was queued, unix ms. */
export function eventText(sequence: number, at: number): string {
  const command = `5f0c1f5e-8a1f-4c3d-9d51-${String(sequence).padStart(12, '0')}`;
  return JSON.stringify({
    ...{ specversion: '1.0', id: `${command}:0`, source: '/muster/control-plane', type: 'muster.vm.VMStarted' },
    ...{ subject: command, time: new Date(at).toISOString(), datacontenttype: 'application/json', sequence },
    ...{ correlationid: command, causationid: command, commandsequence: sequence, actor: 'root' },
    data: { vmId: command, nodeId: 'mac-mini-017', address: '192.168.64.12', attempt: 1, at },
  });
}

/** Puts events into the archive and into the outbox of every endpoint, as the archiver and its companion do. */
export async function queueEvents(pool: pg.Pool, endpoints: number, first: number, count: number): Promise<void> {
  const sequences = Array.from({ length: count }, (_, index) => first + index);
  const bodies = sequences.map((sequence) => eventText(sequence, Date.now()));
  await pool.query(
    `WITH archived AS (
       INSERT INTO archive.event (sequence, day, id, type, noun, subject_id, time, command_sequence, correlation_id, actor, body, hash)
       SELECT s, $4, b::json->>'id', 'VMStarted', 'vm', b::json->>'subject', now(), s, b::json->>'correlationid', 'root', b::json, ''
       FROM unnest($2::bigint[], $3::text[]) AS e(s, b) RETURNING sequence, day, id, type)
     INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type)
     SELECT 'w' || n, sequence, day, id, type FROM archived, generate_series(0, $1 - 1) AS n`,
    [endpoints, sequences, bodies, DAY],
  );
}

export async function countLeft(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>('SELECT count(*) FROM webhook.delivery');
  return Number(rows[0]?.count);
}
