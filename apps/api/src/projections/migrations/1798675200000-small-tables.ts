import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['group', 'distribution', 'mac_pool', 'apikey', 'permission'];

/** Names no schema: the tables are made in the first one of the search path. */
export class SmallTables1798675200000 implements MigrationInterface {
  readonly name = 'SmallTables1798675200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(`
        CREATE TABLE "${table}" (
          id text NOT NULL CONSTRAINT "${table}_key" PRIMARY KEY,
          sequence bigint NOT NULL,
          doc json NOT NULL
        )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE "${table}"`);
  }
}
