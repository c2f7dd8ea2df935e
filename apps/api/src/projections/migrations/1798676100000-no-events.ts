import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events are in an archive of their own, which fills itself from the log. */
export class NoEvents1798676100000 implements MigrationInterface {
  readonly name = 'NoEvents1798676100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event');
  }

  async down(): Promise<void> {
    throw new Error('The archive cannot be put back among the views: rebuild them with the build that you return to');
  }
}
