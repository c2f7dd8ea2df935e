import type pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** TypeORM's view of the tables in one schema; neither migrations nor entities name it. */
export function schemaSource(
  url: string,
  schema: string,
  tables: Pick<DataSourceOptions, 'migrations' | 'entities'>,
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema,
    ...tables,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    poolSize: 1,
    extra: { options: `-c search_path=${schema}` },
  });
}

/** Makes or upgrades the tables of a source in their schema; under the schema lock. Returns the names of the migrations that ran. */
export async function migrateTables(client: pg.ClientBase, schema: string, source: DataSource): Promise<string[]> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await source.initialize();
  try {
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}
