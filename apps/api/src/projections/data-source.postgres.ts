import type { DataSource } from 'typeorm';
import { PROJECTION_ENTITIES } from './entities/index.js';
import { ProjectionTables1767225600000 } from './migrations/1767225600000-projection-tables.js';
import { SmallTables1798675200000 } from './migrations/1798675200000-small-tables.js';
import { ImageTable1798675500000 } from './migrations/1798675500000-image-table.js';
import { NoEvents1798676100000 } from './migrations/1798676100000-no-events.js';
import { schemaSource } from './schema-source.postgres.js';
import type { ProjectionSchema } from './tables.postgres.js';

/** In the order of their making. Each names no schema, so that it can make the tables anywhere. */
const MIGRATIONS = [
  ProjectionTables1767225600000,
  SmallTables1798675200000,
  ImageTable1798675500000,
  NoEvents1798676100000,
];

/** TypeORM's view of the tables in one schema: for making and comparing them. Reading and writing goes through `pg` itself. */
export function projectionDataSource(url: string, schema: ProjectionSchema): DataSource {
  return schemaSource(url, schema, { entities: PROJECTION_ENTITIES, migrations: MIGRATIONS });
}
