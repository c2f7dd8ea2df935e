import pg from 'pg';
import { projectionDataSource } from './data-source.postgres.js';
import { migrateTables } from './schema-source.postgres.js';
import { PROJECTION_VERSION } from './step.js';
import { CHECKPOINT, LIVE_SCHEMA, NEXT_SCHEMA, OLD_SCHEMA, type ProjectionSchema } from './tables.postgres.js';

/** Names the advisory lock under which tables are made, switched and dropped: "MUST" in ASCII. */
const SCHEMA_LOCK = 0x4d555354;
/** How long the switch waits for the live projector's transaction. */
const SWITCH_LOCK_LIMIT_MS = 5_000;

/** Runs `work` while no other process makes, switches or drops tables. Waits for its turn. */
export async function withSchemaLock<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'muster-schema', keepAlive: true });
  client.on('error', () => undefined); // told by the query that it cuts off
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes or upgrades the tables in a schema; under the schema lock. Returns the names of the migrations that ran. */
export async function migrateSchema(url: string, client: pg.Client, schema: ProjectionSchema): Promise<string[]> {
  const done = await migrateTables(client, schema, projectionDataSource(url, schema));
  await client.query(
    `INSERT INTO ${schema}.checkpoint (name, sequence, generation, version)
     VALUES ($1, 0, gen_random_uuid()::text, $2) ON CONFLICT (name) DO NOTHING`,
    [CHECKPOINT, PROJECTION_VERSION],
  );
  return done;
}

/** Drops what a rebuild left behind, finished or not; under the schema lock. */
export async function dropLeftovers(client: pg.Client): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${NEXT_SCHEMA} CASCADE`);
  await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`);
}

/**
 * Puts the next tables in the place of the live ones, in one transaction; under the schema lock. `catchUp` is called while the live
 * projector is held, with the sequence that readers may have seen: the next tables must not be behind it. A statement that waits for the
 * live tables meanwhile finds the new ones by their name.
 */
export async function switchSchemas(client: pg.Client, catchUp: (toSequence: number) => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = ${SWITCH_LOCK_LIMIT_MS}`);
    const live = await client.query(`SELECT 1 FROM pg_namespace WHERE nspname = $1`, [LIVE_SCHEMA]);
    if (live.rowCount === 1) {
      await client.query(`LOCK TABLE ${LIVE_SCHEMA}.checkpoint IN ACCESS EXCLUSIVE MODE`);
      const { rows } = await client.query<{ sequence: string }>(`SELECT sequence FROM ${LIVE_SCHEMA}.checkpoint`);
      await catchUp(Number(rows[0]?.sequence ?? 0));
      await client.query(`ALTER SCHEMA ${LIVE_SCHEMA} RENAME TO ${OLD_SCHEMA}`);
    }
    await client.query(`ALTER SCHEMA ${NEXT_SCHEMA} RENAME TO ${LIVE_SCHEMA}`);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
  await client.query(`DROP SCHEMA IF EXISTS ${OLD_SCHEMA} CASCADE`);
}
