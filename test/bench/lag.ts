import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { jetstream } from '@nats-io/jetstream';
import pg from 'pg';
import { EVENT_SUBJECTS, EVENTS_STREAM } from '#events';
import { ensureStreams, JetStreamEventLog, NatsLink } from '#events/jetstream';
import { migrateArchive } from '../../apps/api/src/archive/archive-schema.postgres.js';
import { HEAD_TABLE } from '../../apps/api/src/archive/archive-tables.postgres.js';
import { migrateSchema, withSchemaLock } from '../../apps/api/src/projections/schema.postgres.js';
import { LIVE_SCHEMA } from '../../apps/api/src/projections/tables.postgres.js';
import { migrateWebhooks } from '../../apps/api/src/webhooks/schema.postgres.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../tools/services/index.js';
import { FleetHistory } from '../support/fleet-history.js';
import { CpuMeter } from './parts/cpu.js';
import { type Figure, printCpu, printFigures } from './parts/figures.js';
import { Lags } from './parts/lags.js';

/**
 * How long after its append an event is seen: by a plain subscriber of NATS, in the archive, and in the views. The API is a process of its
 * own, as it is shipped. A bare consumer of the stream, in the same run, tells how soon anybody could know of an event that is stored.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, rate: { type: 'string', default: '5000' } },
});
const SECONDS = Number(values.seconds);
const PER_SECOND = Number(values.rate);
/** Not measured: caches fill, plans are made. */
const WARM_UP_SECONDS = 5;
const EVERY_MS = 5;
/** How often Postgres is asked; adds this much to what is measured, at most. */
const LOOK_EVERY_MS = 3;
const CATCH_UP_LIMIT_MS = 30_000;
const NODES = 20;
const TARGET_STORED_MS = 100;
const TARGET_NATS_MS = 50;

const dir = mkdtempSync(join(tmpdir(), 'muster-bench-lag-'));
const nats = await startEmbeddedNats({ dir: join(dir, 'nats') });
const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres') });
const link = await NatsLink.connect({ url: nats.url, name: 'bench' });
const client = new pg.Client({ connectionString: postgres.url });
let api: ChildProcess | undefined;

/** The API as it is shipped, with nobody at its doors. */
function startApi(): ChildProcess {
  const env = {
    ...process.env,
    MUSTER_NATS_URL: nats.url,
    MUSTER_DATABASE_URL: postgres.url,
    MUSTER_LISTEN: '127.0.0.1:0',
    MUSTER_BLOB_DIR: join(dir, 'blobs'),
    MUSTER_LOG_LEVEL: 'error',
    ANKA_RUN_REGISTRY: 'false',
    ANKA_LOGS_DIR: join(dir, 'logs'),
  };
  const main = join(import.meta.dirname, '../../apps/api/src/main.js');
  return spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Looks where archive and views are, for as long as the signal is not given. */
async function watchTables(lags: Record<'archive' | 'views', Lags>, signal: AbortSignal): Promise<void> {
  const text = `SELECT head.sequence::float8 AS archive, checkpoint.sequence::float8 AS views
    FROM ${HEAD_TABLE} head, ${LIVE_SCHEMA}.checkpoint checkpoint`;
  while (!signal.aborted) {
    const { rows } = await client.query<{ archive: number; views: number }>({ name: 'where', text });
    const at = performance.now();
    lags.archive.reached(rows[0]?.archive ?? 0, at);
    lags.views.reached(rows[0]?.views ?? 0, at);
    await pause(LOOK_EVERY_MS);
  }
}

/** A plain subscription: what `nats sub 'muster.evt.>'` sees. */
function subscribe(lags: Lags): void {
  const mark = Buffer.from('"sequence":');
  link.nc.subscribe(EVENT_SUBJECTS[0] ?? '', {
    callback: (_error, message) => {
      const bytes = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.length);
      const begin = bytes.indexOf(mark) + mark.length;
      lags.seen(Number.parseInt(bytes.toString('latin1', begin, begin + 16), 10), performance.now());
    },
  });
}

/** The client's own consumer, which does nothing with what it gets. */
async function consume(lags: Lags): Promise<void> {
  const consumer = await jetstream(link.nc).consumers.get(EVENTS_STREAM);
  await consumer.consume({ callback: (message) => lags.seen(message.seq, performance.now()) });
}

/** The history of a fleet at a steady rate. Returns the last sequence. */
async function append(sent: (sequence: number, at: number) => void): Promise<number> {
  const appender = new JetStreamEventLog(link).appender(0);
  const history = new FleetHistory({ nodes: NODES });
  const began = performance.now();
  let last = appender.append(history.found());
  for (let elapsed = 0; elapsed < (WARM_UP_SECONDS + SECONDS) * 1000; elapsed = performance.now() - began) {
    while (history.cluster.sequence < (elapsed / 1000) * PER_SECOND) {
      const events = history.tick();
      const at = performance.now();
      for (const { sequence } of events) sent(sequence, at);
      last = appender.append(events);
      last.catch(() => undefined);
    }
    await pause(EVERY_MS);
  }
  await last;
  return history.cluster.sequence;
}

function figures(lags: Readonly<Record<'nats' | 'bare' | 'archive' | 'views', Lags>>): Figure[] {
  const bare = (share: number) => ({ what: 'bare consumer', value: lags.bare.quantile(share) });
  return (
    [
      ['plain NATS subscriber', lags.nats, TARGET_NATS_MS],
      ['in the archive', lags.archive, TARGET_STORED_MS],
      ['in the views', lags.views, TARGET_STORED_MS],
    ] as const
  ).flatMap(([what, { quantile }, atMost]) => [
    { what: `append → ${what}, p50`, value: quantile(0.5), unit: 'ms', reference: bare(0.5) },
    { what: `append → ${what}, p99`, value: quantile(0.99), unit: 'ms', reference: bare(0.99), target: { atMost } },
  ]);
}

try {
  await ensureStreams(link);
  await withSchemaLock(postgres.url, async (locked) => {
    await migrateSchema(postgres.url, locked, LIVE_SCHEMA);
    await migrateArchive(postgres.url, locked);
    await migrateWebhooks(postgres.url, locked);
  });
  await client.connect();
  api = startApi();
  await pause(WARM_UP_SECONDS * 1000);
  const sentAt = new Map<number, number>();
  const lags = { nats: new Lags(sentAt), bare: new Lags(sentAt), archive: new Lags(sentAt), views: new Lags(sentAt) };
  subscribe(lags.nats);
  await consume(lags.bare);
  const stop = new AbortController();
  const watching = watchTables(lags, stop.signal);
  // Told when it is awaited, unless something else failed before.
  watching.catch(() => undefined);
  const cpu = new CpuMeter({ api: api.pid ?? 0, bench: process.pid, NATS: nats.pid, Postgres: postgres.pid });
  const began = performance.now();
  const firstMeasured = WARM_UP_SECONDS * PER_SECOND;
  const last = await append((sequence, at) => sequence > firstMeasured && sentAt.set(sequence, at));
  const seconds = (performance.now() - began) / 1000;
  const spent = cpu.read();
  for (let waited = 0; lags.archive.at < last || lags.views.at < last; waited += EVERY_MS) {
    if (waited > CATCH_UP_LIMIT_MS) throw new Error(`Archive ${lags.archive.at}, views ${lags.views.at} of ${last}`);
    await pause(EVERY_MS);
  }
  stop.abort();
  await watching;
  const all = figures(lags);
  printFigures([{ what: 'appended', value: last / seconds, unit: 'events/s' }, ...all]);
  printCpu(spent, last, seconds, 'event');
  if (all.some(({ value, target }) => target !== undefined && 'atMost' in target && value > target.atMost))
    process.exitCode = 1;
} finally {
  api?.kill('SIGKILL');
  await client.end();
  await link.close();
  await nats.stop();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
