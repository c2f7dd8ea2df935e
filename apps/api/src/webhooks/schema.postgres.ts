import type pg from 'pg';
import { migrateTables, schemaSource } from '../projections/schema-source.postgres.js';
import { WebhookTables1798676000000 } from './migrations/1798676000000-webhook-tables.js';

/** Where webhooks are kept. It is no projection: a rebuild touches none of it. */
export const WEBHOOK_SCHEMA = 'webhook';

/** Makes or upgrades the tables of the webhooks; under the schema lock. Returns the names of the migrations that ran. */
export function migrateWebhooks(url: string, client: pg.ClientBase): Promise<string[]> {
  const source = schemaSource(url, WEBHOOK_SCHEMA, { migrations: [WebhookTables1798676000000] });
  return migrateTables(client, WEBHOOK_SCHEMA, source);
}
