import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where webhooks go, what waits to be sent to them, and what came of it. Names no schema. */
export class WebhookTables1798676000000 implements MigrationInterface {
  readonly name = 'WebhookTables1798676000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ENDPOINT, CHANGE, ...OUTBOX, ...DELIVERY, ...ATTEMPT, WORKER])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['worker', 'attempt', 'delivery', 'outbox', 'change', 'endpoint'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP SEQUENCE attempt_number');
  }
}

/**
 * `version`: sequence of the last event about it, which is also its ETag. `missed_from`: the first event that was not queued, because
 * too much waited or for too long. `owner` to `epoch` are the lease of whoever delivers.
 */
const ENDPOINT = `
  CREATE TABLE endpoint (
    id text NOT NULL CONSTRAINT endpoint_key PRIMARY KEY,
    name text NOT NULL,
    url text NOT NULL,
    format text NOT NULL,
    types text[] NOT NULL DEFAULT '{}',
    subjects text[] NOT NULL DEFAULT '{}',
    headers json NOT NULL DEFAULT '{}',
    secrets json NOT NULL DEFAULT '[]',
    ordered boolean NOT NULL DEFAULT false,
    batch_size integer NOT NULL DEFAULT 1,
    concurrency integer NOT NULL DEFAULT 4,
    rate_per_s real,
    state text NOT NULL DEFAULT 'creating',
    disabled_by text,
    disabled_reason text,
    disabled_at timestamptz,
    version bigint NOT NULL DEFAULT 0,
    created_sequence bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    missed_from bigint,
    failing_since timestamptz,
    last_success_at timestamptz,
    owner text,
    owned_until timestamptz,
    epoch bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 70)`;

/** What a command will do to an endpoint once its event is in the log; the command's id is its key. */
const CHANGE = `
  CREATE TABLE change (
    command_id text NOT NULL CONSTRAINT change_key PRIMARY KEY,
    endpoint_id text NOT NULL,
    changed json NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
  )`;

/** One row: up to which sequence all is queued that ever will be, even if the archive is made again. */
const OUTBOX = [
  `CREATE TABLE outbox (sequence bigint NOT NULL) WITH (fillfactor = 10)`,
  `INSERT INTO outbox VALUES (0)`,
];

/** One row for each event that has not reached an endpoint. Rows come and go fast, so dead ones are cleared away early. */
const DELIVERY = [
  `CREATE TABLE delivery (
    endpoint_id text NOT NULL,
    sequence bigint NOT NULL,
    day date NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    state text NOT NULL DEFAULT 'due',
    due_at timestamptz NOT NULL DEFAULT now(),
    first_due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    CONSTRAINT delivery_key PRIMARY KEY (endpoint_id, sequence)
  ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)`,
  `CREATE INDEX delivery_due ON delivery (endpoint_id, due_at, sequence) WHERE state = 'due'`,
  `CREATE INDEX delivery_dead ON delivery (endpoint_id, sequence) WHERE state = 'dead'`,
];

/**
 * The log of deliveries, a partition for each day. `attempt_other` takes what no day's partition is there for, so that a sweep that
 * did not run never keeps an attempt from being noted. Pings have sequence 0. `number` is their order, for pages of a list.
 */
const ATTEMPT = [
  `CREATE SEQUENCE attempt_number`,
  `CREATE TABLE attempt (
    number bigint NOT NULL DEFAULT nextval('attempt_number'),
    at timestamptz NOT NULL,
    day date NOT NULL,
    endpoint_id text NOT NULL,
    sequence bigint NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    status integer,
    latency_ms integer NOT NULL,
    request text NOT NULL DEFAULT '',
    response text NOT NULL DEFAULT '',
    error text
  ) PARTITION BY RANGE (day)`,
  `CREATE INDEX attempt_order ON attempt (endpoint_id, number)`,
  `CREATE INDEX attempt_event ON attempt (endpoint_id, sequence)`,
  `CREATE TABLE attempt_other PARTITION OF attempt DEFAULT`,
];

const WORKER = `
  CREATE TABLE worker (
    id text NOT NULL CONSTRAINT worker_key PRIMARY KEY,
    seen_at timestamptz NOT NULL
  )`;
