import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../../tools/services/index.js';
import { migrateArchive } from '../archive/archive-schema.postgres.js';
import { ARCHIVE_SCHEMA } from '../archive/archive-tables.postgres.js';
import { openPool } from '../projections/database.postgres.js';
import { migrateSchema, withSchemaLock } from '../projections/schema.postgres.js';
import { LIVE_SCHEMA, NEXT_SCHEMA } from '../projections/tables.postgres.js';
import { migrateWebhooks, WEBHOOK_SCHEMA } from '../webhooks/schema.postgres.js';

const START_LIMIT_MS = 60_000;

const MIGRATIONS = {
  [LIVE_SCHEMA]: (url: string, client: pg.Client) => migrateSchema(url, client, LIVE_SCHEMA),
  [NEXT_SCHEMA]: (url: string, client: pg.Client) => migrateSchema(url, client, NEXT_SCHEMA),
  [ARCHIVE_SCHEMA]: migrateArchive,
  [WEBHOOK_SCHEMA]: migrateWebhooks,
};
type Schema = keyof typeof MIGRATIONS;

/** A real Postgres that every spec file gets for itself, without any tables, and a pool of connections to it. */
export class PostgresOfSpec {
  private readonly dir = mkdtempSync(join(tmpdir(), 'muster-spec-'));
  private server: EmbeddedPostgres | undefined;
  private connections: pg.Pool | undefined;

  /** A server that is to be restarted must keep its data. */
  constructor(private readonly ephemeral: boolean) {}

  get url(): string {
    return this.running.url;
  }

  get pool(): pg.Pool {
    return (this.connections ??= openPool(this.url));
  }

  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    return this.pool.query<R>(text, values && [...values]);
  }

  /** Makes tables of which none, some or all are there. Returns the names of the migrations that ran. */
  make(...schemas: Schema[]): Promise<string[]> {
    return withSchemaLock(this.url, (client) => this.migrate(client, schemas));
  }

  /** Makes tables that are empty. */
  async makeAnew(...schemas: Schema[]): Promise<void> {
    await withSchemaLock(this.url, async (client) => {
      await client.query(`DROP SCHEMA IF EXISTS ${schemas.join(', ')} CASCADE`);
      await this.migrate(client, schemas);
    });
  }

  async start(): Promise<void> {
    const again = this.server === undefined ? {} : { port: this.server.port, keepPort: true };
    this.server = await startEmbeddedPostgres({ dir: this.dir, ephemeral: this.ephemeral, ...again });
  }

  /** Stops the server alone; it can be started again on the same port, and the pool connects anew. */
  async stop(): Promise<void> {
    await this.running.stop();
  }

  async end(): Promise<void> {
    await this.connections?.end();
    await this.server?.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async migrate(client: pg.Client, schemas: readonly Schema[]): Promise<string[]> {
    const done: string[] = [];
    for (const schema of schemas) done.push(...(await MIGRATIONS[schema](this.url, client)));
    return done;
  }

  private get running(): EmbeddedPostgres {
    if (this.server === undefined) throw new Error('The Postgres of a spec is there from its first beforeAll on');
    return this.server;
  }
}

/** Gives the spec file a Postgres of its own; call it before `beforeAll` that need it. */
export function postgresOfSpec({ ephemeral = true } = {}): PostgresOfSpec {
  const postgres = new PostgresOfSpec(ephemeral);
  beforeAll(() => postgres.start(), START_LIMIT_MS);
  afterAll(() => postgres.end());
  return postgres;
}
