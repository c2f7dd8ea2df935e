import type pg from 'pg';
import { DataSource } from 'typeorm';
import { ARCHIVE_SCHEMA } from './archive-tables.postgres.js';
import { ArchiveTables1798676200000 } from './migrations/1798676200000-archive-tables.js';

/** Makes or upgrades the tables of the archive; under the schema lock. Returns the names of the migrations that ran. */
export async function migrateArchive(url: string, client: pg.ClientBase): Promise<string[]> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${ARCHIVE_SCHEMA}`);
  const source = await new DataSource({
    type: 'postgres',
    url,
    schema: ARCHIVE_SCHEMA,
    migrations: [ArchiveTables1798676200000],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    poolSize: 1,
    extra: { options: `-c search_path=${ARCHIVE_SCHEMA}` },
  }).initialize();
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}
