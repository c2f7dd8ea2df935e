import { systemClock } from '#events';
import { until } from '../../../../../test/support/until.js';
import { postgresOfSpec } from '../../testing/postgres-of-spec.contract.js';
import { withSchemaLock } from '../../projections/schema.postgres.js';
import { GuardedDial } from './guard/guarded-dial.driver.js';
import { systemResolve } from './guard/resolve.driver.js';
import { UrlPolicy } from './guard/url-policy.js';
import { HttpSender } from './http-sender.http.js';
import { PostgresDeliveryStore } from './store/delivery-store.postgres.js';
import { endpointOf } from './store/store-under-test.contract.js';
import { type RunningEngine, runEngine } from './testing/engines.contract.js';
import { Receiver } from './testing/receiver.contract.js';
import { enqueue, makeTables, putEndpoint } from './testing/webhook-tables.contract.js';

const SECRETS = [{ secret: `whsec_${Buffer.alloc(32, 'k').toString('base64')}` }];
const LIMIT_MS = 25_000;
const postgres = postgresOfSpec({ ephemeral: false });
let receiver: Receiver;
/** What the receiver answers, by path. */
let answers: Record<string, (turn: number) => { status: number; headers?: Record<string, string> }>;
const turns = new Map<string, number>();
const engines: RunningEngine[] = [];
let born = 0;

beforeAll(() => withSchemaLock(postgres.url, (client) => makeTables(postgres.url, client)));

beforeEach(async () => {
  await postgres.query('TRUNCATE webhook.endpoint, webhook.delivery, webhook.attempt, webhook.worker, archive.event');
  answers = {};
  turns.clear();
  receiver = await Receiver.start((request, response) => {
    const path = request.url ?? '';
    const turn = (turns.get(path) ?? 0) + 1;
    turns.set(path, turn);
    const { status, headers } = answers[path]?.(turn) ?? { status: 204 };
    response.writeHead(status, headers).end();
  });
});

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await receiver.close();
});

const urls = new UrlPolicy({ allowCidrs: ['127.0.0.1/32'], ports: [{ from: 1, to: 65_535 }], allowHttp: true });

function partsOf() {
  const dial = new GuardedDial({ addresses: urls.addresses, resolve: systemResolve(), clock: systemClock });
  const sender = new HttpSender({ urls, dial, clock: systemClock, limitMs: 2_000 });
  return { sender, store: new PostgresDeliveryStore(postgres.pool) };
}

function start(more: Partial<Parameters<typeof runEngine>[0]> = {}): RunningEngine {
  const running = runEngine({ ...partsOf(), clock: systemClock, worker: `w${(born += 1)}`, ...more });
  engines.push(running);
  return running;
}

async function makeEndpoint(id: string, more: Parameters<typeof endpointOf>[1] = {}): Promise<void> {
  const url = `http://127.0.0.1:${receiver.port}/${id}`;
  await putEndpoint(postgres.pool, endpointOf(id, { url, secrets: SECRETS, ...more }));
}

const eventsOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ sequence: first + index, body: `{"sequence":${first + index}}` }));
const got = (id: string): number[] =>
  receiver.received
    .filter(({ url }) => url === `/${id}`)
    .map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence);
const firsts = (id: string): number[] => [...new Set(got(id))];
const ascending = (sequences: readonly number[]): number[] => [...sequences].sort((a, b) => a - b);

async function left(): Promise<number> {
  const { rows } = await postgres.query<{ count: string }>(`SELECT count(*) FROM webhook.delivery WHERE state = 'due'`);
  return Number(rows[0]?.count);
}
const allDelivered = () => until('everything is delivered', async () => (await left().catch(() => 1)) === 0, LIMIT_MS);

/** The same id always means the same event. */
function expectIdsToBeTrue(): void {
  const meant = new Map<string, string>();
  for (const { url, body, headers } of receiver.received) {
    const key = `${url} ${String(headers['webhook-id'])}`;
    expect(meant.get(key) ?? body).toBe(body);
    meant.set(key, body);
  }
}

describe('two workers on one database', () => {
  it('share the endpoints, deliver everything once, and in order where it is strict', async () => {
    const ids = ['a', 'b', 'strict-1', 'strict-2'];
    for (const id of ids) await makeEndpoint(id, { ordered: id.startsWith('strict') });
    const [one, two] = [start(), start()];
    for (let batch = 0; batch < 6; batch++) {
      for (const id of ids) await enqueue(postgres.pool, id, eventsOf(1 + 50 * batch, 50));
      one.engine.wake(ids);
    }
    await allDelivered();
    for (const id of ids) expect(ascending(got(id))).toEqual(eventsOf(1, 300).map(({ sequence }) => sequence));
    for (const id of ['strict-1', 'strict-2']) expect(got(id)).toEqual(ascending(got(id)));
    await until('each has its half', () => one.engine.endpoints === 2 && two.engine.endpoints === 2, LIMIT_MS);
    const { rows } = await postgres.query(`SELECT count(*)::int AS n FROM webhook.attempt WHERE outcome = 'delivered'`);
    expect(rows).toEqual([{ n: 1_200 }]);
  });

  it('lose nothing when one is killed: the other sends what is left again, with the same ids', async () => {
    await makeEndpoint('a', { concurrency: 8 });
    await makeEndpoint('strict', { ordered: true });
    const killed = start();
    await until('it has the seats', () => killed.engine.endpoints === 2, LIMIT_MS);
    for (const id of ['a', 'strict']) await enqueue(postgres.pool, id, eventsOf(1, 400));
    killed.engine.wake();
    await until('it is in the middle', () => got('strict').length > 30, LIMIT_MS);
    killed.kill();
    engines.splice(0, 1);
    // Ten seconds later.
    await postgres.query(`UPDATE webhook.endpoint SET owned_until = now() - interval '1 s'`);
    start();
    await allDelivered();
    for (const id of ['a', 'strict'])
      expect(ascending(firsts(id))).toEqual(eventsOf(1, 400).map(({ sequence }) => sequence));
    expect(firsts('strict')).toEqual(ascending(firsts('strict')));
    expectIdsToBeTrue();
  });
});

describe('a Postgres that restarts in the middle of it', () => {
  it('costs repetitions at most', async () => {
    await makeEndpoint('a');
    await makeEndpoint('strict', { ordered: true });
    const { engine, troubles } = start();
    await until('it has the seats', () => engine.endpoints === 2, LIMIT_MS);
    for (const id of ['a', 'strict']) await enqueue(postgres.pool, id, eventsOf(1, 500));
    engine.wake();
    await until('it is in the middle', () => got('strict').length > 50, LIMIT_MS);
    await postgres.stop();
    await systemClock.sleep(1_000);
    await postgres.start();
    await allDelivered();
    for (const id of ['a', 'strict'])
      expect(ascending(firsts(id))).toEqual(eventsOf(1, 500).map(({ sequence }) => sequence));
    expect(firsts('strict')).toEqual(ascending(firsts('strict')));
    expectIdsToBeTrue();
    expect(troubles.length).toBeGreaterThan(0);
  }, 60_000);
});

describe('what Postgres rejects for its data', () => {
  const RULE = 'not_this_answer';
  afterEach(() => postgres.query(`ALTER TABLE webhook.attempt DROP CONSTRAINT IF EXISTS ${RULE}`));

  it('holds up nothing else: it is kept without its texts, or tried again later', async () => {
    await makeEndpoint('a');
    await makeEndpoint('b');
    await postgres.query(`ALTER TABLE webhook.attempt ADD CONSTRAINT ${RULE} CHECK (response NOT LIKE '%poison%')`);
    for (const id of ['a', 'b']) await enqueue(postgres.pool, id, eventsOf(1, 100));
    const { sender } = partsOf();
    const send: typeof sender.send = async (target, message) => {
      const result = await sender.send(target, message);
      const { sequence } = JSON.parse(message.body) as { sequence: number };
      if (target.id === 'a' && sequence === 17) return { ...result, response: 'poison' };
      // No HTTP code: the column cannot hold it, whatever the texts are.
      return target.id === 'b' && sequence === 50 ? { ...result, status: 3_000_000_000 } : result;
    };
    const { troubles } = start({ sender: { send, forget: (id) => sender.forget(id), close: () => sender.close() } });
    await until('all but one are written down', async () => (await left()) === 1, LIMIT_MS);
    await until('it is told', () => troubles.length > 0, LIMIT_MS);
    expect(troubles).toEqual([expect.stringMatching(/delivery 50 to webhook b .*out of range for type integer/)]);
    const { rows } = await postgres.query(
      `SELECT request, response, error FROM webhook.attempt WHERE endpoint_id = 'a' AND sequence = 17`,
    );
    expect(rows).toEqual([{ request: '', response: '', error: expect.stringContaining('rejects') as string }]);
    const { rows: waiting } = await postgres.query('SELECT endpoint_id, sequence::int, state FROM webhook.delivery');
    expect(waiting).toEqual([{ endpoint_id: 'b', sequence: 50, state: 'due' }]);
    await systemClock.sleep(1_500);
    expect(got('b').filter((sequence) => sequence === 50)).toHaveLength(1);
  });
});

describe('a receiver', () => {
  it('that fails and comes back gets everything, in order where it is strict', async () => {
    await makeEndpoint('a');
    await makeEndpoint('strict', { ordered: true });
    for (const id of ['a', 'strict']) answers[`/${id}`] = (turn) => ({ status: turn <= 4 ? 500 : 204 });
    for (const id of ['a', 'strict']) await enqueue(postgres.pool, id, eventsOf(1, 20));
    start({ rules: { retryScheduleMs: [50, 50, 50, 50, 50, 50, 50, 50], disableAfterMs: 0 } });
    await allDelivered();
    expect(ascending(firsts('a'))).toHaveLength(20);
    expect(got('strict').slice(0, 6)).toEqual([1, 1, 1, 1, 1, 2]);
    expectIdsToBeTrue();
  });

  it('that says 410 has its endpoint disabled, and is left alone', async () => {
    await makeEndpoint('a');
    answers['/a'] = () => ({ status: 410 });
    await enqueue(postgres.pool, 'a', eventsOf(1, 20));
    const asked: string[] = [];
    start({
      disable: async ({ id }, epoch, reason) => void asked.push(`${id} ${epoch} ${reason}`),
      rules: { retryScheduleMs: [50], disableAfterMs: 0 },
    });
    await until('it is disabled', () => asked.length > 0, LIMIT_MS);
    const before = got('a').length;
    await systemClock.sleep(1_500);
    expect([asked.length, got('a').length]).toEqual([1, before]);
    expect(asked[0]).toContain('a 1 the receiver answers 410');
    expect(await left()).toBe(20);
  });

  it('that asks for patience is given it', async () => {
    await makeEndpoint('a', { concurrency: 1 });
    const at: number[] = [];
    answers['/a'] = (turn) => {
      at.push(systemClock.now());
      return turn === 1 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 204 };
    };
    await enqueue(postgres.pool, 'a', eventsOf(1, 3));
    start({ rules: { retryScheduleMs: [50, 50], disableAfterMs: 0 } });
    await allDelivered();
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(1_950);
  });
});
