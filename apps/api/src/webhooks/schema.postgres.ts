import type pg from 'pg';
import { DataSource } from 'typeorm';
import { WebhookTables1798676000000 } from './migrations/1798676000000-webhook-tables.js';

/** Where webhooks are kept. It is no projection: a rebuild touches none of it. */
export const WEBHOOK_SCHEMA = 'webhook';

/** Makes or upgrades the tables of the webhooks; under the schema lock. Returns the names of the migrations that ran. */
export async function migrateWebhooks(url: string, client: pg.ClientBase): Promise<string[]> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${WEBHOOK_SCHEMA}`);
  const source = await new DataSource({
    type: 'postgres',
    url,
    schema: WEBHOOK_SCHEMA,
    migrations: [WebhookTables1798676000000],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    poolSize: 1,
    extra: { options: `-c search_path=${WEBHOOK_SCHEMA}` },
  }).initialize();
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}
