import { type Clock, systemClock } from '#events';
import { JetStreamBookmarks, JetStreamEventLog, JetStreamLogKeeper } from '#events/jetstream';
import { openArchive } from '../../apps/api/src/archive/open-archive.postgres.js';
import { verified } from '../../apps/api/src/archive/stored-archive.js';
import { withStoredArchive } from '../../apps/api/src/archive/stored-archive.postgres.js';
import { FollowerLoop } from '../../apps/api/src/projections/follower-loop.js';
import { MemoryFollowerSeat } from '../../apps/api/src/projections/memory-follower-seat.js';
import { PlaceMarks } from '../../apps/api/src/projections/place-marks.js';
import { PostgresProjectionStore } from '../../apps/api/src/projections/projection-store.postgres.js';
import { Projector } from '../../apps/api/src/projections/projector.js';
import { rebuild } from '../../apps/api/src/projections/rebuild.postgres.js';
import { LIVE_SCHEMA } from '../../apps/api/src/projections/tables.postgres.js';
import { PostgresVmView } from '../../apps/api/src/projections/views.postgres.js';
import { silentLog } from '../../apps/api/src/shell/log.js';
import { Metrics } from '../../apps/api/src/shell/metrics.system.js';
import { postgresOfSpec } from '../../apps/api/src/testing/postgres-of-spec.contract.js';
import { Upkeep } from '../../apps/scheduler/src/retention/upkeep.js';
import { FleetHistory } from '../support/fleet-history.js';
import { natsOfSpec } from '../support/nats-of-spec.contract.js';
import { until } from '../support/until.js';

const LIMIT_MS = 30_000;
const history = new FleetHistory({ seed: 5, nodes: 3 });
const nats = natsOfSpec();
const postgres = postgresOfSpec();
const clock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 50), signal),
  after: (ms, call) => systemClock.after(ms, call),
};
let log: JetStreamEventLog;
let keeper: JetStreamLogKeeper;
let bookmarks: JetStreamBookmarks;
let views: PostgresProjectionStore;
let cuts = 0;

beforeAll(async () => {
  [log, keeper] = [new JetStreamEventLog(nats.link), new JetStreamLogKeeper(nats.link)];
  bookmarks = new JetStreamBookmarks(nats.link);
  await postgres.make('projection', 'archive');
  views = new PostgresProjectionStore(postgres.pool, LIVE_SCHEMA);
  await log.appender(0).append(history.found());
});

interface Running {
  readonly state: () => { readonly name: string; readonly message?: string };
  readonly end: () => Promise<void>;
}

/** A reader in Postgres, which a process starts with, and which ends with it. */
interface Reader {
  start(): Running;
  place(): Promise<number>;
  /** Throws when it has not all that ever was in the log. */
  check(): Promise<void>;
}

function running(loop: FollowerLoop, close: () => Promise<void> = async () => undefined): Running {
  const stop = new AbortController();
  const run = loop.run(stop.signal);
  const end = async () => {
    stop.abort();
    await run;
    await close();
  };
  return { state: () => loop.state, end };
}

const archive: Reader = {
  start: () => {
    const bus = { log, announceArchived: () => undefined };
    const needs = { databaseUrl: postgres.url, keptMs: undefined, bus, clock, metrics: new Metrics(), log: silentLog };
    const { loop, close } = openArchive({ ...needs, onState: () => undefined }, []);
    return running(loop, close);
  },
  place: () => withStoredArchive(postgres.pool, async ({ head }) => head.sequence),
  check: () =>
    withStoredArchive(postgres.pool, async (stored) => {
      const sequences: number[] = [];
      for await (const { event } of verified(stored)) sequences.push(event.sequence);
      expect(stored.holes).toEqual([]);
      expect(sequences).toEqual(Array.from({ length: history.cluster.sequence }, (_, n) => n + 1));
    }),
};

const projection: Reader = {
  start: () => {
    const projector = new Projector({ log, store: views, clock }, () => loop.committed());
    const loop = new FollowerLoop(projector, new MemoryFollowerSeat(), clock, () => undefined);
    return running(loop);
  },
  place: async () => (await views.position()).sequence,
  check: async () => {
    const shown = await new PostgresVmView(postgres.pool).list();
    expect(shown.map(({ id, phase }) => [id, phase])).toEqual(
      [...history.cluster.vms.values()].map(({ id, phase }) => [id, phase.name]),
    );
  },
};

const READERS = { archive, projection };

async function live(ticks: number): Promise<void> {
  const appender = log.appender(history.cluster.sequence);
  for (let tick = 0; tick < ticks; tick++) await appender.append(history.tick());
  appender.close();
}

async function read(...readers: Reader[]): Promise<void> {
  for (const reader of readers) {
    const { state, end } = reader.start();
    const isThere = async () => (await reader.place()) === history.cluster.sequence;
    await until('It has read all', isThere, LIMIT_MS, () => JSON.stringify(state()));
    await end();
  }
}

/** A replica of the API says how far the readers are, and the control plane cuts. Returns where the log begins then. */
async function cut(marginEvents: number): Promise<number> {
  const readers = Object.entries(READERS).map(([name, { place }]) => ({ name, position: place }));
  const stop = new AbortController();
  const marks = new PlaceMarks(
    readers,
    () => ({ bookmarks, log }),
    clock,
    (trouble) => {
      throw new Error(trouble);
    },
  );
  const marking = marks.run(stop.signal);
  for (const [name, { place }] of Object.entries(READERS)) {
    const at = await place();
    await until('Its place is known', async () => (await bookmarks.read(name))?.bookmark.sequence === at, LIMIT_MS);
  }
  stop.abort();
  await marking;
  const upkeep = new Upkeep({
    ...{ log, keeper, bookmarks, clock, termId: `spec-${++cuts}`, tell: () => undefined },
    retention: { eventsMs: 0, commandsMs: undefined, lookMs: 1000, minEvents: 1, marginEvents },
    onFault: (cause) => {
      throw cause;
    },
  });
  await upkeep.once(new AbortController().signal);
  return (await keeper.extentOf('EVENTS')).first;
}

describe.each(['archive', 'projection'] as const)('the %s', (name) => {
  const late = READERS[name];
  const other = READERS[name === 'archive' ? 'projection' : 'archive'];

  test('holds back the cut while it is behind, and then goes on from its place', async () => {
    await live(100);
    await read(late, other);
    const place = history.cluster.sequence;
    await live(300);
    await read(other);
    const first = await cut(30);
    expect(first).toBeGreaterThan(place - 100);
    expect(first).toBeLessThanOrEqual(place - 29);
    expect(await cut(30)).toBe(first);
    await read(late);
    for (const reader of [late, other]) await reader.check();
    expect(await cut(30)).toBeGreaterThan(place);
  }, 60_000);

  test('goes on when the log begins right behind its last event', async () => {
    await live(50);
    await read(late, other);
    const place = history.cluster.sequence;
    await live(100);
    await read(other);
    expect(await cut(0)).toBe(place + 1);
    await read(late);
    for (const reader of [late, other]) await reader.check();
  }, 60_000);

  test('goes on when the log begins anywhere before it', async () => {
    await live(50);
    await read(late, other);
    const place = history.cluster.sequence;
    expect(await cut(60)).toBeLessThan(place - 60);
    await live(10);
    await read(late, other);
    for (const reader of [late, other]) await reader.check();
  }, 60_000);
});

test('What was cut off too early by other hands is not passed over: both stand still and say why, and no views are made of half a log', async () => {
  const place = history.cluster.sequence;
  await live(100);
  const { last } = await keeper.extentOf('EVENTS');
  const remnant = await keeper.remnant();
  for (let first = 0; first < place + 10;) first = await keeper.cutEvents(place + 10);
  for (const reader of [archive, projection]) {
    const { state, end } = reader.start();
    await until('It has stopped', () => state().name === 'stopped', LIMIT_MS);
    expect(state().message).toContain('what came before was cut off');
    expect(await reader.place()).toBe(place);
    await end();
  }
  expect(remnant?.remnant.through).toBeLessThan(last);
  const signal = new AbortController().signal;
  const order = { databaseUrl: postgres.url, pool: postgres.pool, log, clock, signal, onProgress: () => undefined };
  await expect(rebuild(order)).rejects.toThrow('no remnant of it reaches up to there');
}, 60_000);
