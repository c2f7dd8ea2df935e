import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names no schema: the table is made in the first one of the search path. */
export class ImageTable1798675500000 implements MigrationInterface {
  readonly name = 'ImageTable1798675500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE image (
        id text NOT NULL CONSTRAINT image_key PRIMARY KEY,
        sequence bigint NOT NULL,
        doc json NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE image');
  }
}
