import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEvent } from '#events';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../../tools/services/index.js';
import { archived } from '../projections/archive.js';
import { openPool } from '../projections/database.postgres.js';
import { foldBatch } from '../projections/fold-batch.js';
import { PostgresProjectionStore } from '../projections/projection-store.postgres.js';
import { RowCache } from '../projections/row-cache.js';
import { migrateSchema, withSchemaLock } from '../projections/schema.postgres.js';
import { LIVE_SCHEMA } from '../projections/tables.postgres.js';
import { PostgresScriptReferences } from './script-references.postgres.js';

const dir = mkdtempSync(join(tmpdir(), 'muster-references-'));
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dir, ephemeral: true });
}, 60_000);

afterAll(async () => {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('the scripts that VMs name are found, each once', async () => {
  await withSchemaLock(postgres.url, (client) => migrateSchema(postgres.url, client, LIVE_SCHEMA));
  const pool = openPool(postgres.url);
  const store = new PostgresProjectionStore(pool, LIVE_SCHEMA);
  const history = new FleetHistory();
  const script = (letter: string) => {
    const digest = `sha256:${letter.repeat(64)}`;
    return { digest, sizeBytes: 1, when: 'boot', monitored: false, timeoutMs: 1000, onFailure: 'keep' } as const;
  };
  const start = (vmId: string, letter?: string) => {
    const request = { templateId: 'debian', ...(letter !== undefined && { script: script(letter) }) };
    return history.tell({ type: 'StartVM', vmIds: [vmId], request }).events;
  };
  const recorded = [
    ...history.found(),
    ...start('one', 'a'),
    ...start('two', 'a'),
    ...start('three', 'b'),
    ...start('four'),
  ];
  const events = recorded.map((event) => {
    return { sequence: event.sequence, recorded: event, raw: JSON.stringify(encodeEvent(event)) };
  });
  await store.commit({
    from: await store.position(),
    incarnation: 'log-1',
    toSequence: history.cluster.sequence,
    events: events.map(archived),
    changes: foldBatch(events, new RowCache()),
  });
  const digests = await new PostgresScriptReferences(pool).digests();
  expect([...digests].sort()).toEqual([script('a').digest, script('b').digest]);
  await pool.end();
});
