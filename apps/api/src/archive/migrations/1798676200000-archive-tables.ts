import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names no schema: the tables are made in the first one of the search path. */
export class ArchiveTables1798676200000 implements MigrationInterface {
  readonly name = 'ArchiveTables1798676200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event (
        sequence bigint NOT NULL,
        day date NOT NULL,
        id text NOT NULL,
        type text NOT NULL,
        noun text NOT NULL,
        subject_id text NOT NULL,
        time timestamptz NOT NULL,
        command_sequence bigint NOT NULL,
        correlation_id text NOT NULL,
        actor text NOT NULL,
        body json NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT event_key PRIMARY KEY (sequence, day)
      ) PARTITION BY RANGE (day)`);
    await runner.query('CREATE INDEX event_id ON event (id)');
    await runner.query('CREATE INDEX event_subject ON event (subject_id, sequence)');
    await runner.query('CREATE INDEX event_correlation ON event (correlation_id)');
    await runner.query('CREATE INDEX event_type ON event (type, sequence)');
    await runner.query('CREATE INDEX event_actor ON event (actor, sequence)');
    // Both grow with the sequence, nearly, so that a summary of each stretch of the table is enough.
    await runner.query(
      'CREATE INDEX event_order ON event USING brin (time, command_sequence) WITH (autosummarize = on)',
    );
    await runner.query(`
      CREATE TABLE head (
        is_only boolean NOT NULL DEFAULT true CONSTRAINT head_key PRIMARY KEY CONSTRAINT head_only CHECK (is_only),
        sequence bigint NOT NULL,
        hash bytea NOT NULL,
        day date,
        incarnation text,
        first_sequence bigint,
        anchor bytea NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      INSERT INTO head (sequence, hash, anchor) VALUES (0, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))`);
    await runner.query(`
      CREATE TABLE hole (
        first bigint NOT NULL CONSTRAINT hole_key PRIMARY KEY,
        last bigint NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hole, head, event');
  }
}
