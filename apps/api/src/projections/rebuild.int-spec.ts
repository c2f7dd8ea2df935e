import { systemClock } from '#events';
import { MemoryEventLog, MemoryNats } from '#events/testing';
import { FleetHistory } from '../../../../test/support/fleet-history.js';
import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { projectionDataSource } from './data-source.postgres.js';
import { MemoryFollowerSeat } from './memory-follower-seat.js';
import { FollowerGate } from './follower-gate.js';
import { FollowerLoop } from './follower-loop.js';
import { Projector } from './projector.js';
import { PostgresProjectionStore } from './projection-store.postgres.js';
import { rebuild } from './rebuild.postgres.js';
import { LIVE_SCHEMA, NEXT_SCHEMA, OLD_SCHEMA } from './tables.postgres.js';
import { PostgresVmView } from './views.postgres.js';

const postgres = postgresOfSpec();

beforeEach(() => postgres.makeAnew('projection'));

async function world(ticks: number) {
  const nats = new MemoryNats(systemClock);
  const log = new MemoryEventLog(nats.connect('test'));
  const history = new FleetHistory({ seed: 7 });
  const appender = log.appender(0);
  const append = async (count: number) => {
    for (let tick = 0; tick < count; tick++) await appender.append(history.tick());
  };
  await appender.append(history.found());
  await append(ticks);
  const gate = new FollowerGate(systemClock);
  const store = new PostgresProjectionStore(postgres.pool, LIVE_SCHEMA);
  const stop = new AbortController();
  const projector = new Projector({ log, store, clock: systemClock }, ({ sequence }) => {
    loop.committed();
    gate.advance(sequence);
  });
  const loop = new FollowerLoop(projector, new MemoryFollowerSeat(), systemClock, () => undefined);
  const running = loop.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  return { log, history, append, gate, store, loop, end };
}

const order = (
  log: MemoryEventLog,
  signal = new AbortController().signal,
  onProgress: () => void = () => undefined,
) => ({
  databaseUrl: postgres.url,
  pool: postgres.pool,
  log,
  clock: systemClock,
  signal,
  onProgress,
});

const schemas = async (): Promise<string[]> => {
  const { rows } = await postgres.query<{ nspname: string }>(
    `SELECT nspname FROM pg_namespace WHERE nspname = ANY($1)`,
    [[LIVE_SCHEMA, NEXT_SCHEMA, OLD_SCHEMA]],
  );
  return rows.map(({ nspname }) => nspname);
};

describe('a rebuild', () => {
  test('replaces wrong rows under a running projector and running doors, who notice nothing but better answers', async () => {
    const { log, history, append, gate, store, end } = await world(200);
    await gate.reached(history.cluster.sequence, 10_000);
    const before = await store.position();
    await postgres.query(`UPDATE ${LIVE_SCHEMA}.vm SET doc = '{"wrong":true}'`);
    const vms = new PostgresVmView(postgres.pool);
    let reading = true;
    let reads = 0;
    const reader = (async () => {
      for (; reading; reads++) await vms.list();
    })();
    const writer = append(400);
    await rebuild(order(log));
    await writer;
    await append(50);
    await gate.reached(history.cluster.sequence, 10_000);
    reading = false;
    await reader;
    const after = await store.position();
    expect(after.sequence).toBe(history.cluster.sequence);
    expect(after.generation).not.toBe(before.generation);
    expect((await vms.list()).map(({ id, phase }) => [id, phase])).toEqual(
      [...history.cluster.vms.values()].map(({ id, phase }) => [id, phase.name]),
    );
    expect(await schemas()).toEqual([LIVE_SCHEMA]);
    expect(reads).toBeGreaterThan(10);
    await end();
  }, 60_000);

  test('that is cancelled leaves the live tables as they were, and can be run again', async () => {
    const { log, history, gate, store, end } = await world(300);
    await gate.reached(history.cluster.sequence, 10_000);
    await end();
    const before = await store.position();
    const cancel = new AbortController();
    const cancelled = rebuild(order(log, cancel.signal, () => cancel.abort(new Error('cancelled by the operator'))));
    await expect(cancelled).rejects.toThrow('cancelled by the operator');
    expect(await store.position()).toEqual(before);
    expect(await schemas()).toEqual([LIVE_SCHEMA]);
    expect(await rebuild(order(log))).toEqual({ events: history.cluster.sequence });
    expect((await store.position()).sequence).toBe(before.sequence);
  }, 60_000);

  test('makes the tables when there are none, and refuses to run twice at once', async () => {
    const { log, history, end } = await world(100);
    await end();
    await postgres.query(`DROP SCHEMA ${LIVE_SCHEMA} CASCADE`);
    const [first, second] = await Promise.allSettled([rebuild(order(log)), rebuild(order(log))]);
    const statuses = [first.status, second.status].sort();
    expect(statuses).toEqual(['fulfilled', 'rejected']);
    expect(await schemas()).toEqual([LIVE_SCHEMA]);
    const store = new PostgresProjectionStore(postgres.pool, LIVE_SCHEMA);
    expect((await store.position()).sequence).toBe(history.cluster.sequence);
    const source = await projectionDataSource(postgres.url, LIVE_SCHEMA).initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(upQueries).toEqual([]);
  }, 60_000);
});
