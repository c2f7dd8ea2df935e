import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names no schema: the tables are made in the first one of the search path. */
export class ProjectionTables1767225600000 implements MigrationInterface {
  readonly name = 'ProjectionTables1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vm (
        id text NOT NULL CONSTRAINT vm_key PRIMARY KEY,
        sequence bigint NOT NULL,
        accepted_sequence bigint NOT NULL,
        phase text NOT NULL,
        node_id text,
        external_id text,
        occupies boolean NOT NULL,
        cpu integer NOT NULL,
        memory_mib integer NOT NULL,
        doc json NOT NULL
      ) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)`);
    await runner.query('CREATE INDEX vm_phase ON vm (phase)');
    await runner.query('CREATE INDEX vm_node ON vm (node_id)');
    await runner.query('CREATE INDEX vm_external ON vm (external_id)');
    await runner.query(`
      CREATE TABLE node (
        id text NOT NULL CONSTRAINT node_key PRIMARY KEY,
        sequence bigint NOT NULL,
        doc json NOT NULL
      ) WITH (fillfactor = 85)`);
    await runner.query(`
      CREATE TABLE template (
        id text NOT NULL CONSTRAINT template_key PRIMARY KEY,
        sequence bigint NOT NULL,
        name text NOT NULL,
        doc json NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE event (
        sequence bigint NOT NULL CONSTRAINT event_key PRIMARY KEY,
        id text NOT NULL CONSTRAINT event_id UNIQUE,
        type text NOT NULL,
        noun text NOT NULL,
        subject_id text NOT NULL,
        time timestamptz NOT NULL,
        command_sequence bigint NOT NULL,
        correlation_id text NOT NULL,
        actor text NOT NULL,
        body jsonb NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE checkpoint (
        name text NOT NULL CONSTRAINT checkpoint_key PRIMARY KEY,
        sequence bigint NOT NULL,
        incarnation text,
        generation text NOT NULL,
        version integer NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE checkpoint, event, template, node, vm');
  }
}
