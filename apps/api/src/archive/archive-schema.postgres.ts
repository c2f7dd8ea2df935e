import type pg from 'pg';
import { migrateTables, schemaSource } from '../projections/schema-source.postgres.js';
import { ARCHIVE_SCHEMA } from './archive-tables.postgres.js';
import { ArchiveTables1798676200000 } from './migrations/1798676200000-archive-tables.js';

/** Makes or upgrades the tables of the archive; under the schema lock. Returns the names of the migrations that ran. */
export function migrateArchive(url: string, client: pg.ClientBase): Promise<string[]> {
  const source = schemaSource(url, ARCHIVE_SCHEMA, { migrations: [ArchiveTables1798676200000] });
  return migrateTables(client, ARCHIVE_SCHEMA, source);
}
