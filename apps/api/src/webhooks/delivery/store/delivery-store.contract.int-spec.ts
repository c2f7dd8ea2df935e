import { postgresOfSpec } from '../../../testing/postgres-of-spec.contract.js';
import { withSchemaLock } from '../../../projections/schema.postgres.js';
import { enqueue, makeTables, putEndpoint } from '../testing/webhook-tables.contract.js';
import { deliveryStoreContract } from './delivery-store.contract.js';
import { PostgresDeliveryStore } from './delivery-store.postgres.js';

const postgres = postgresOfSpec();

beforeAll(() => withSchemaLock(postgres.url, (client) => makeTables(postgres.url, client)));

/** Time goes by when all that was written down is that much older. */
async function pass(ms: number): Promise<void> {
  const ago = `$1 * interval '1 ms'`;
  await postgres.query(`UPDATE webhook.worker SET seen_at = seen_at - ${ago}`, [ms]);
  await postgres.query(
    `UPDATE webhook.endpoint SET owned_until = owned_until - ${ago}, failing_since = failing_since - ${ago}`,
    [ms],
  );
  await postgres.query(`UPDATE webhook.delivery SET due_at = due_at - ${ago}, first_due_at = first_due_at - ${ago}`, [
    ms,
  ]);
}

describe('deliveries in Postgres', () => {
  deliveryStoreContract(async () => {
    await postgres.query('TRUNCATE webhook.endpoint, webhook.delivery, webhook.attempt, webhook.worker, archive.event');
    return {
      store: new PostgresDeliveryStore(postgres.pool),
      put: (endpoint) => putEndpoint(postgres.pool, endpoint),
      disable: async (id) => {
        await postgres.query(`UPDATE webhook.endpoint SET state = 'disabled' WHERE id = $1`, [id]);
      },
      enqueue: (id, events) => enqueue(postgres.pool, id, events),
      pass,
      dead: async (id) => {
        const text = `SELECT sequence FROM webhook.delivery WHERE endpoint_id = $1 AND state = 'dead' ORDER BY sequence`;
        return (await postgres.query<{ sequence: string }>(text, [id])).rows.map(({ sequence }) => Number(sequence));
      },
      notes: async () => {
        const text = 'SELECT sequence, outcome, attempt FROM webhook.attempt ORDER BY sequence, attempt';
        const { rows } = await postgres.query<{ sequence: string; outcome: string; attempt: number }>(text);
        return rows.map(({ sequence, outcome, attempt }) => ({ sequence: Number(sequence), outcome, attempt }));
      },
    };
  });
});
