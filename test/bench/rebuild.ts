import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#events';
import { ensureStreams, JetStreamEventLog, NatsLink } from '#events/jetstream';
import { openPool } from '../../apps/api/src/projections/database.postgres.js';
import { rebuild } from '../../apps/api/src/projections/rebuild.postgres.js';
import { migrateSchema, withSchemaLock } from '../../apps/api/src/projections/schema.postgres.js';
import { LIVE_SCHEMA } from '../../apps/api/src/projections/tables.postgres.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../tools/services/index.js';
import { FleetHistory } from '../support/fleet-history.js';
import { CpuMeter } from './parts/cpu.js';
import { printCpu, printFigures } from './parts/figures.js';

/** How fast the tables are made anew from a real log, against only reading that log. */
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const TARGET_PER_SECOND = 30_000;
/** Nodes for the VMs of the history, which live for a while each. */
const NODES = 20;

/** A realistic history, as the deciders tell it, appended to the log. Returns its last sequence. */
async function load(log: JetStreamEventLog): Promise<number> {
  const history = new FleetHistory({ nodes: NODES });
  const appender = log.appender(0);
  let last = appender.append(history.found());
  while (history.cluster.sequence < EVENTS) {
    last = appender.append(history.tick());
    if (history.cluster.sequence % 1000 < 5) await last;
  }
  await last;
  await appender.idle();
  return history.cluster.sequence;
}

/** Reads the log from its start and does nothing with it. Returns events per second. */
async function replay(log: JetStreamEventLog, lastSequence: number): Promise<number> {
  const began = performance.now();
  for await (const { sequence } of log.follow(1)) if (sequence >= lastSequence) break;
  return (lastSequence * 1000) / (performance.now() - began);
}

const dir = mkdtempSync(join(tmpdir(), 'muster-bench-rebuild-'));
const nats = await startEmbeddedNats({ dir: join(dir, 'nats') });
const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres') });
const link = await NatsLink.connect({ url: nats.url, name: 'bench' });
const pool = openPool(postgres.url, 2, '-c synchronous_commit=off');
try {
  await ensureStreams(link);
  await withSchemaLock(postgres.url, (client) => migrateSchema(postgres.url, client, LIVE_SCHEMA));
  const log = new JetStreamEventLog(link);
  const lastSequence = await load(log);
  const before = await replay(log, lastSequence);
  const cpu = new CpuMeter({ rebuild: process.pid, NATS: nats.pid, Postgres: postgres.pid });
  const began = performance.now();
  const { events } = await rebuild({
    databaseUrl: postgres.url,
    pool,
    log,
    clock: systemClock,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const seconds = (performance.now() - began) / 1000;
  const spent = cpu.read();
  const perSecond = events / seconds;
  const after = await replay(log, lastSequence);
  printFigures([
    {
      what: `rebuild of ${lastSequence} events`,
      value: perSecond,
      unit: 'events/s',
      reference: { what: 'reading the log alone', value: (before + after) / 2 },
      target: { atLeast: TARGET_PER_SECOND },
    },
  ]);
  printCpu(spent, events, seconds, 'event');
  if (perSecond < TARGET_PER_SECOND) process.exitCode = 1;
} finally {
  await pool.end();
  await link.close();
  await nats.stop();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
