import { EVENTS_STREAM, systemClock } from '#events';
import { ensureStreams, JetStreamEventLog } from '#events/jetstream';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { natsOfSpec } from '../../../../test/support/nats-of-spec.contract.js';
import { until } from '../../../../test/support/until.js';
import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { rebuild } from '../projections/rebuild.postgres.js';
import { silentLog } from '../shell/log.js';
import { Metrics } from '../shell/metrics.system.js';
import { openArchive } from './open-archive.postgres.js';
import { comparedWith } from './compared.js';
import { verified } from './stored-archive.js';
import { withStoredArchive } from './stored-archive.postgres.js';

const LIMIT_MS = 30_000;
const history = new FleetHistory({ seed: 9, nodes: 2 });
const nats = natsOfSpec();
const postgres = postgresOfSpec();
let log: JetStreamEventLog;

beforeAll(async () => {
  log = new JetStreamEventLog(nats.link);
  await postgres.make('projection', 'archive');
});

/** One replica's archive, running until it is ended. */
function replica() {
  const bus = { log, announceArchived: () => undefined };
  const needs = {
    databaseUrl: postgres.url,
    keptMs: undefined,
    bus,
    clock: systemClock,
    metrics: new Metrics(),
    log: silentLog,
  };
  const archive = openArchive({ ...needs, onState: () => undefined }, []);
  const stop = new AbortController();
  const running = archive.loop.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
    await archive.close();
  };
  return { ...archive, end };
}

/** Reads the whole archive beside the log. Returns how many events. */
const count = () =>
  withStoredArchive(postgres.pool, async (archive) => {
    let events = 0;
    for await (const { event } of comparedWith({ first: 1, events: log.follow(1) }, verified(archive)))
      if (event.sequence > 0) events++;
    return events;
  });

const archivedUpTo = (sequence: number) =>
  until(
    `The archive reaches ${sequence}`,
    async () => {
      const { rows } = await postgres.query<{ sequence: string }>('SELECT sequence FROM archive.head');
      return Number(rows[0]?.sequence) >= sequence;
    },
    LIMIT_MS,
  );

describe('the archive of two replicas', () => {
  test('has every event once, in one chain, however often the one that writes is cut off', async () => {
    const replicas = [replica(), replica()];
    const appender = log.appender(0);
    await appender.append(history.found());
    for (let round = 0; round < 6; round++) {
      for (let tick = 0; tick < 60; tick++) await appender.append(history.tick());
      await postgres.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('muster-archiver', 'muster-api') AND pid <> pg_backend_pid()`,
      );
    }
    await archivedUpTo(history.cluster.sequence);
    await Promise.all(replicas.map(({ end }) => end()));
    expect(await count()).toBe(history.cluster.sequence);
  }, 60_000);

  test('is not touched by a rebuild of the views', async () => {
    const before = await postgres.query('SELECT * FROM archive.head');
    const signal = new AbortController().signal;
    await rebuild({
      databaseUrl: postgres.url,
      pool: postgres.pool,
      log,
      clock: systemClock,
      signal,
      onProgress: () => undefined,
    });
    expect((await postgres.query('SELECT * FROM archive.head')).rows).toEqual(before.rows);
    expect(await count()).toBe(history.cluster.sequence);
  }, 60_000);

  test('stands still when EVENTS was made anew, and says what to do', async () => {
    await nats.link.nc.request(`$JS.API.STREAM.DELETE.${EVENTS_STREAM}`);
    await ensureStreams(nats.link);
    const one = replica();
    await until('The archive has stopped', async () => one.loop.state.name === 'stopped', LIMIT_MS);
    expect(one.loop.state.message).toContain('The archive was made from log');
    expect(one.loop.state.message).toContain('events import');
    await one.end();
    const { rows } = await postgres.query<{ sequence: string }>('SELECT sequence FROM archive.head');
    expect(Number(rows[0]?.sequence)).toBe(history.cluster.sequence);
  }, 60_000);
});
