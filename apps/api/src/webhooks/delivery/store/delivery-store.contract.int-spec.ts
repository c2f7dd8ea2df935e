import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../../../../tools/services/index.js';
import { openPool } from '../../../projections/database.postgres.js';
import { withSchemaLock } from '../../../projections/schema.postgres.js';
import { enqueue, makeTables, putEndpoint } from '../testing/webhook-tables.contract.js';
import { deliveryStoreContract } from './delivery-store.contract.js';
import { PostgresDeliveryStore } from './delivery-store.postgres.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-deliveries-'));
let postgres: EmbeddedPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dir, ephemeral: true });
  pool = openPool(postgres.url);
  await withSchemaLock(postgres.url, (client) => makeTables(postgres.url, client));
}, 60_000);

afterAll(async () => {
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Time goes by when all that was written down is that much older. */
async function pass(ms: number): Promise<void> {
  const ago = `$1 * interval '1 ms'`;
  await pool.query(`UPDATE webhook.worker SET seen_at = seen_at - ${ago}`, [ms]);
  await pool.query(
    `UPDATE webhook.endpoint SET owned_until = owned_until - ${ago}, failing_since = failing_since - ${ago}`,
    [ms],
  );
  await pool.query(`UPDATE webhook.delivery SET due_at = due_at - ${ago}, first_due_at = first_due_at - ${ago}`, [ms]);
}

describe('deliveries in Postgres', () => {
  deliveryStoreContract(async () => {
    await pool.query('TRUNCATE webhook.endpoint, webhook.delivery, webhook.attempt, webhook.worker, archive.event');
    return {
      store: new PostgresDeliveryStore(pool),
      put: (endpoint) => putEndpoint(pool, endpoint),
      disable: async (id) => {
        await pool.query(`UPDATE webhook.endpoint SET state = 'disabled' WHERE id = $1`, [id]);
      },
      enqueue: (id, events) => enqueue(pool, id, events),
      pass,
      dead: async (id) => {
        const text = `SELECT sequence FROM webhook.delivery WHERE endpoint_id = $1 AND state = 'dead' ORDER BY sequence`;
        return (await pool.query<{ sequence: string }>(text, [id])).rows.map(({ sequence }) => Number(sequence));
      },
      notes: async () => {
        const text = 'SELECT sequence, outcome, attempt FROM webhook.attempt ORDER BY sequence, attempt';
        const { rows } = await pool.query<{ sequence: string; outcome: string; attempt: number }>(text);
        return rows.map(({ sequence, outcome, attempt }) => ({ sequence: Number(sequence), outcome, attempt }));
      },
    };
  });
});
