import type pg from 'pg';
import { migrateWebhooks } from '../../schema.postgres.js';
import type { Endpoint } from '../store/delivery-store.js';

/** The tables that deliveries need, empty. */
export async function makeTables(url: string, client: pg.ClientBase): Promise<void> {
  await client.query('DROP SCHEMA IF EXISTS webhook CASCADE');
  await migrateWebhooks(url, client);
  await client.query('CREATE SCHEMA IF NOT EXISTS archive');
  await client.query(`CREATE TABLE IF NOT EXISTS archive.event (
    sequence bigint NOT NULL, day date NOT NULL, body json NOT NULL, PRIMARY KEY (sequence, day))`);
  await client.query('TRUNCATE archive.event');
}

/** Adds an endpoint, enabled, or changes one. */
export async function putEndpoint(pool: pg.Pool, endpoint: Endpoint): Promise<void> {
  const { id, url, format, headers, secrets, ordered, batchSize, concurrency, ratePerS, version } = endpoint;
  await pool.query(
    `INSERT INTO webhook.endpoint (id, name, url, format, headers, secrets, ordered, batch_size, concurrency, rate_per_s,
       version, state)
     VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'enabled')
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, version = excluded.version, state = 'enabled'`,
    [
      id,
      url,
      format,
      JSON.stringify(headers),
      JSON.stringify(secrets),
      ordered,
      batchSize,
      concurrency,
      ratePerS,
      version,
    ],
  );
}

/** Queues events as the outbox does; their bodies go to the archive, on the day that the first of them came. */
export async function enqueue(
  pool: pg.Pool,
  id: string,
  events: readonly { readonly sequence: number; readonly body?: string | undefined }[],
  day = '2026-01-01',
): Promise<void> {
  const archived = events.filter(({ body }) => body !== undefined);
  await pool.query(
    `INSERT INTO archive.event (sequence, day, body) SELECT s, $3, b::json FROM unnest($1::bigint[], $2::text[]) AS e(s, b)
     ON CONFLICT DO NOTHING`,
    [archived.map(({ sequence }) => sequence), archived.map(({ body }) => body), day],
  );
  await pool.query(
    `INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type)
     SELECT $1, s, $3, 'event-' || s, 'VMStarted' FROM unnest($2::bigint[]) AS e(s)`,
    [id, events.map(({ sequence }) => sequence), day],
  );
}
