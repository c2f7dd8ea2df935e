import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readApiConfig } from '../../apps/api/src/api.config.js';
import { migrateArchive } from '../../apps/api/src/archive/archive-schema.postgres.js';
import { migrateSchema, withSchemaLock } from '../../apps/api/src/projections/schema.postgres.js';
import { migrateWebhooks } from '../../apps/api/src/webhooks/schema.postgres.js';
import { LIVE_SCHEMA } from '../../apps/api/src/projections/tables.postgres.js';
import { silentLog } from '../../apps/api/src/shell/log.js';
import { type RunningApi, startApi } from '../../apps/api/src/start-api.main.js';
import {
  type EmbeddedNats,
  type EmbeddedPostgres,
  startEmbeddedNats,
  startEmbeddedPostgres,
} from '../../tools/services/index.js';
import { BareControlPlane } from './bare-control-plane.js';
import { until } from './until.js';

const READY_LIMIT_MS = 20_000;
/** All parts are there, those that can be spared too. */
const READY = JSON.stringify({ ready: true });

interface Stoppable {
  stop(): Promise<void>;
}

/** One API process's worth of objects over a real NATS and a real Postgres, which tests may take away and give back. */
export class ApiUnderTest {
  readonly dir = mkdtempSync(join(tmpdir(), 'muster-api-'));
  nats: EmbeddedNats;
  postgres: EmbeddedPostgres;
  api: RunningApi;
  controlPlane: BareControlPlane;

  static async start(env: Readonly<Record<string, string>> = {}): Promise<ApiUnderTest> {
    const world = new ApiUnderTest();
    try {
      await world.begin(env);
    } catch (cause) {
      await world.stop();
      throw cause;
    }
    return world;
  }

  private async begin(env: Readonly<Record<string, string>>): Promise<void> {
    [this.nats, this.postgres] = await Promise.all([
      startEmbeddedNats({ dir: join(this.dir, 'nats') }),
      startEmbeddedPostgres({ dir: join(this.dir, 'postgres') }),
    ]);
    await this.migrate();
    this.api = await this.startApi(env);
    this.controlPlane = await BareControlPlane.start(this.nats.url);
    await this.ready();
  }

  startApi(env: Readonly<Record<string, string>> = {}): Promise<RunningApi> {
    const settings = {
      MUSTER_LISTEN: '127.0.0.1:0',
      MUSTER_REGISTRY_LISTEN: '127.0.0.1:0',
      MUSTER_NATS_URL: this.nats.url,
      MUSTER_DATABASE_URL: this.postgres.url,
      MUSTER_BLOB_DIR: join(this.dir, 'blobs'),
      ANKA_LOGS_DIR: join(this.dir, 'central-logs'),
      ...env,
    };
    return startApi(readApiConfig(settings), silentLog);
  }

  async migrate(): Promise<void> {
    const { url } = this.postgres;
    await withSchemaLock(url, async (client) => {
      await migrateSchema(url, client, LIVE_SCHEMA);
      await migrateArchive(url, client);
      await migrateWebhooks(url, client);
    });
  }

  async ready(api = this.api): Promise<void> {
    let seen = '';
    const look = async (): Promise<boolean> => {
      const response = await fetch(`${api.url}/readyz`);
      seen = await response.text();
      return response.status === 200 && seen === READY;
    };
    await until('the API is ready', look, READY_LIMIT_MS, () => seen);
  }

  async stop(): Promise<void> {
    // What did not come up need not go down.
    for (const part of [this.api, this.controlPlane, this.nats, this.postgres] as Partial<Stoppable>[])
      await part?.stop?.();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
