import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../../tools/services/index.js';
import { LOOKED_AT } from './access-view.contract.js';
import { PostgresAccessView } from './access-view.postgres.js';
import { openPool } from './database.postgres.js';
import { projectionStoreContract } from './projection-store.contract.js';
import { PostgresProjectionStore } from './projection-store.postgres.js';
import { migrateSchema, withSchemaLock } from './schema.postgres.js';
import { LIVE_SCHEMA } from './tables.postgres.js';
import { PostgresNodeView, PostgresSmallView, PostgresTemplateView, PostgresVmView } from './views.postgres.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-projection-'));
let postgres: EmbeddedPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dir, ephemeral: true });
  pool = openPool(postgres.url);
}, 60_000);

afterAll(async () => {
  await pool.end();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a projection in Postgres', () => {
  projectionStoreContract(async () => {
    await withSchemaLock(postgres.url, async (client) => {
      await client.query(`DROP SCHEMA IF EXISTS ${LIVE_SCHEMA} CASCADE`);
      await migrateSchema(postgres.url, client, LIVE_SCHEMA);
    });
    return {
      store: new PostgresProjectionStore(pool, LIVE_SCHEMA),
      vms: new PostgresVmView(pool),
      nodes: new PostgresNodeView(pool),
      templates: new PostgresTemplateView(pool),
      groups: new PostgresSmallView(pool, 'group'),
      distributions: new PostgresSmallView(pool, 'distribution'),
      access: new PostgresAccessView(pool, { now: () => LOOKED_AT }),
    };
  });
});
