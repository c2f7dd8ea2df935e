import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { dropLeftovers, withSchemaLock } from '../projections/schema.postgres.js';

const postgres = postgresOfSpec();

const migrate = () => postgres.make('webhook');

async function planOf(text: string): Promise<string> {
  const { rows } = await postgres.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Ten endpoints with much to do, and a few dead letters each. */
async function fill(): Promise<void> {
  await postgres.query(`INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type, state)
    SELECT 'e' || n % 10, n, '2026-01-01', 'id' || n, 'VMStarted', CASE WHEN n % 100 < 10 THEN 'dead' ELSE 'due' END
    FROM generate_series(1, 20000) AS n`);
  await postgres.query('ANALYZE webhook.delivery');
}

describe('the tables of the webhooks', () => {
  it('are made once, however many processes make them at once', async () => {
    const done = await Promise.all([migrate(), migrate(), migrate()]);
    expect(done.map((names) => names.length).sort()).toEqual([0, 0, 1]);
  });

  it('are there after a rebuild of the views has cleaned up', async () => {
    await migrate();
    await withSchemaLock(postgres.url, dropLeftovers);
    expect((await postgres.query('SELECT * FROM webhook.endpoint')).rowCount).toBe(0);
  });

  it('find what is due, in either order, and what is dead by an index', async () => {
    await migrate();
    await fill();
    const due = `SELECT * FROM webhook.delivery WHERE endpoint_id = 'e1' AND state = 'due'`;
    expect(await planOf(`${due} AND due_at <= now() ORDER BY due_at, sequence LIMIT 10`)).toMatch(
      /^Limit.*\n.*Index Scan using delivery_due/,
    );
    expect(await planOf(`${due} ORDER BY sequence LIMIT 10`)).toMatch(/^Limit.*\n.*Index Scan using delivery_key/);
    expect(
      await planOf(
        `SELECT * FROM webhook.delivery WHERE endpoint_id = 'e1' AND state = 'dead' AND sequence > 7 ORDER BY sequence LIMIT 10`,
      ),
    ).toMatch(/^Limit.*\n.*Index Scan using delivery_dead/);
  });

  it('keep an attempt of any day, prepared for or not', async () => {
    await migrate();
    await postgres.query(`INSERT INTO webhook.attempt (at, day, endpoint_id, sequence, event_id, type, attempt, outcome, latency_ms)
      VALUES ('1999-01-01', '1999-01-01', 'a', 1, 'e', 'VMStarted', 1, 'delivered', 5)`);
    expect((await postgres.query('SELECT * FROM webhook.attempt')).rowCount).toBe(1);
  });
});
