import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { PostgresArchiveReader } from '../archive/archive-reader.postgres.js';
import { PostgresArchiveStore } from '../archive/archive-store.postgres.js';
import { chained } from '../archive/chain.js';
import { WebhookOutbox } from './outbox.postgres.js';
import { sweepWebhooks } from './sweep.postgres.js';
import { TEST_BACKLOG, webhookStoreContract, type WebhooksUnderTest } from './webhook-store.contract.js';
import { PostgresWebhookStore } from './webhook-store.postgres.js';

const DAY_MS = 86_400_000;
const postgres = postgresOfSpec();

async function open() {
  await postgres.makeAnew('archive', 'webhook');
  const store = new PostgresWebhookStore(postgres.pool, TEST_BACKLOG);
  let outbox = new WebhookOutbox(TEST_BACKLOG);
  const add: WebhooksUnderTest['add'] = async (events, fails = false) => {
    const failing = { write: () => (fails ? Promise.reject(new Error('The batch is undone')) : Promise.resolve()) };
    const archive = new PostgresArchiveStore(postgres.pool, [outbox, failing]);
    await archive.append(chained(await archive.head(), events, 'log-1'));
  };
  return {
    ...{ store, add, archive: new PostgresArchiveReader(postgres.pool) },
    otherArchiver: () => void (outbox = new WebhookOutbox(TEST_BACKLOG)),
    postpone: async (id: string, sequence: number) => {
      const text = `UPDATE webhook.delivery SET attempts = 3, due_at = now() + interval '1 day'
        WHERE endpoint_id = $1 AND sequence = $2`;
      await postgres.query(text, [id, sequence]);
    },
    loseArchive: async () => {
      await postgres.makeAnew('archive');
      outbox = new WebhookOutbox(TEST_BACKLOG);
    },
    giveUp: async (id: string, sequence: number) => {
      const text = `UPDATE webhook.delivery SET state = 'dead', last_error = 'no' WHERE endpoint_id = $1 AND sequence = $2`;
      await postgres.query(text, [id, sequence]);
    },
  };
}

describe('webhooks in Postgres', () => {
  webhookStoreContract(open);

  const count = async (table: string): Promise<number> =>
    Number((await postgres.query<{ count: string }>(`SELECT count(*) FROM webhook.${table}`)).rows[0]?.count);
  const days = async (): Promise<string[]> =>
    (
      await postgres.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'webhook.attempt'::regclass ORDER BY 1`,
      )
    ).rows.map(({ name }) => name.replace('webhook.attempt_', ''));

  test('are swept: a table per day ahead, none for days that are long over, and no attempts of those', async () => {
    const { store } = await open();
    const now = Date.UTC(2026, 0, 10, 12);
    const attempt = { endpointId: 'w', sequence: 1, eventId: 'e', type: 't', attempt: 1, request: '', response: '' };
    const note = (at: number) => store.noteAttempt({ ...attempt, at, outcome: 'failed', latencyMs: 1 });
    await note(now);
    await sweepWebhooks(postgres.pool, { now, keepMs: 2 * DAY_MS });
    // The first day has attempts already, which no table was there for.
    expect(await days()).toEqual(['20260111', '20260112', 'other']);
    for (const day of [1, 2, 3, 4]) await note(now + day * DAY_MS);
    await sweepWebhooks(postgres.pool, { now: now + 4 * DAY_MS, keepMs: 2 * DAY_MS });
    expect(await days()).toEqual(['20260112', '20260115', '20260116', 'other']);
    const kept = await store.attempts({ endpointId: 'w', limit: 9 });
    expect(kept.map(({ at }) => (at - now) / DAY_MS)).toEqual([4, 3, 2]);
  });

  test('are swept: what waits for a webhook that is gone, and what was never to come', async () => {
    const { store } = await open();
    const settings = { name: 'a', url: 'https://a/', format: 'anka', types: [], subjects: [], headers: {} } as const;
    const more = { secrets: [], ordered: false, batchSize: 1, concurrency: 1, ratePerS: null };
    await store.prepare('late', { ...settings, ...more });
    await store.stage('c', 'late', { name: 'b' });
    await postgres.query(`INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type)
      SELECT CASE WHEN n < 3 THEN 'late' ELSE 'gone' END, n, now(), 'e', 't' FROM generate_series(1, 25000) AS n`);
    await sweepWebhooks(postgres.pool, { now: Date.now(), keepMs: DAY_MS });
    expect([await count('endpoint'), await count('change'), await count('delivery')]).toEqual([1, 1, 2]);
    await postgres.query(`UPDATE webhook.endpoint SET created_at = now() - interval '8 days'`);
    await postgres.query(`UPDATE webhook.change SET made_at = now() - interval '8 days'`);
    await sweepWebhooks(postgres.pool, { now: Date.now(), keepMs: DAY_MS });
    expect([await count('endpoint'), await count('change'), await count('delivery')]).toEqual([0, 0, 0]);
  });
});
