import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#events';
import { openPool } from '../../apps/api/src/projections/database.postgres.js';
import { compose } from '../../apps/api/src/webhooks/delivery/compose.js';
import { DeliveryEngine } from '../../apps/api/src/webhooks/delivery/delivery-engine.js';
import { GuardedDial } from '../../apps/api/src/webhooks/delivery/guard/guarded-dial.driver.js';
import { systemResolve } from '../../apps/api/src/webhooks/delivery/guard/resolve.driver.js';
import { UrlPolicy } from '../../apps/api/src/webhooks/delivery/guard/url-policy.js';
import { HttpSender } from '../../apps/api/src/webhooks/delivery/http-sender.http.js';
import { PostgresDeliveryStore } from '../../apps/api/src/webhooks/delivery/store/delivery-store.postgres.js';
import { startEmbeddedPostgres } from '../../tools/services/index.js';
import { CpuMeter } from './parts/cpu.js';
import { printCpu, printFigures, quantile } from './parts/figures.js';
import type { SinkCounts } from './parts/webhook-sink.js';
import { countLeft, eventText, makeEndpoints, makeTables, queueEvents } from './parts/webhook-tables.js';

/**
 * How fast events are brought to receivers: from archive and outbox in a real Postgres, every state written down and on disk, to a sink in
 * a process of its own; beside a bare client that posts the same bytes. Then whether one slow receiver slows the others.
 */
const ENDPOINTS = 100;
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 400);
const BARE_REQUESTS = 20_000;
const BARE_AT_ONCE = 64;
const TARGET_PER_SECOND = 3_000;
/** Of the second part: a steady stream, so that latency is that of the engine and not of a queue. */
const ROUNDS = 3;
const ROUND_S = 6;
const EVENTS_PER_SECOND = 10;
const TARGET_RATIO = 2;
const PACE_MS = 1000 / EVENTS_PER_SECOND;

const dir = mkdtempSync(join(tmpdir(), 'muster-bench-webhooks-'));
const postgres = await startEmbeddedPostgres({ dir });
const pool = openPool(postgres.url, 2);
/** As the API has it. */
const enginePool = openPool(postgres.url, 3);
const sink = fork(new URL('./parts/webhook-sink.js', import.meta.url));
const told = <T>(): Promise<T> => new Promise((resolve) => sink.once('message', (message) => resolve(message as T)));
const counts = (): Promise<SinkCounts> => {
  const answer = told<SinkCounts>();
  sink.send('?');
  return answer;
};

/** Runs an engine while `work` does something. */
async function delivering(work: (engine: DeliveryEngine) => Promise<void>): Promise<void> {
  const urls = new UrlPolicy({ allowCidrs: ['127.0.0.1/32'], ports: [{ from: 1, to: 65_535 }], allowHttp: true });
  const dial = new GuardedDial({ addresses: urls.addresses, resolve: systemResolve(), clock: systemClock });
  const engine = new DeliveryEngine({
    ...{ store: new PostgresDeliveryStore(enginePool), sender: new HttpSender({ urls, dial, clock: systemClock }) },
    ...{ clock: systemClock, chance: Math.random, worker: `bench-${Date.now()}` },
    rules: { retryScheduleMs: [5_000], disableAfterMs: 0 },
    compose: (endpoint, events) => compose(endpoint, events, 'bench'),
    disable: async () => undefined,
    meter: { attempt: () => undefined },
    onTrouble: (message) => console.log(message),
  });
  const end = new AbortController();
  const running = engine.run(end.signal);
  await work(engine);
  end.abort();
  await running;
}

async function emptied(everyMs: number): Promise<void> {
  while ((await countLeft(pool)) > 0) await systemClock.sleep(everyMs);
}

interface Bare {
  readonly perSecond: number;
  /** CPU of this process. */
  readonly usEach: number;
}

/** The same bytes to the same sink, by a client that does nothing else. */
async function bare(url: string): Promise<Bare> {
  const agent = new Agent({ keepAlive: true, maxSockets: BARE_AT_ONCE });
  const body = eventText(1, Date.now());
  const headers = {
    ...{ 'content-type': 'application/cloudevents+json', 'content-length': Buffer.byteLength(body) },
    ...{ 'webhook-id': 'x'.repeat(38), 'webhook-timestamp': '1700000000', 'webhook-signature': 'x'.repeat(47) },
  };
  const post = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/hook/bare`, { method: 'POST', agent, headers }, (response) => {
        response.resume().once('end', resolve);
      });
      sent.once('error', reject).end(body);
    });
  const cpu = new CpuMeter({ client: process.pid });
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let count = 0; count < BARE_REQUESTS / BARE_AT_ONCE; count++) await post();
  };
  await Promise.all(Array.from({ length: BARE_AT_ONCE }, worker));
  agent.destroy();
  const perSecond = (BARE_REQUESTS * 1000) / (performance.now() - began);
  return { perSecond, usEach: ((cpu.read().get('client') ?? 0) * 1000) / BARE_REQUESTS };
}

let sequence = 1;
async function queue(count: number): Promise<void> {
  await queueEvents(pool, ENDPOINTS, sequence, count);
  sequence += count;
}

/** A steady stream for a while. Returns the latencies at all receivers but the slow one. */
async function steady(sinkUrl: string, oneIsSlow: boolean): Promise<readonly number[]> {
  await makeEndpoints(pool, ENDPOINTS, sinkUrl, oneIsSlow);
  await delivering(async (engine) => {
    // What the first connections cost is no part of it.
    await queue(1);
    await systemClock.sleep(2_500);
    await counts();
    const began = systemClock.now();
    for (let turn = 0; turn < ROUND_S * EVENTS_PER_SECOND; turn++) {
      await queue(1);
      engine.wake();
      await systemClock.sleep(began + (turn + 1) * PACE_MS - systemClock.now());
    }
    await systemClock.sleep(500);
  });
  const { latenciesMs } = await counts();
  await pool.query('TRUNCATE webhook.delivery');
  return latenciesMs;
}

try {
  const sinkUrl = `http://127.0.0.1:${await told<number>()}`;
  await makeTables(postgres.url, pool);
  await makeEndpoints(pool, ENDPOINTS, sinkUrl, false);
  await queue(20);
  await delivering(() => emptied(20)); // compiled and warm from now on
  const bareBefore = await bare(sinkUrl);
  await queue(EVENTS);
  await pool.query('VACUUM ANALYZE webhook.delivery');
  await counts();
  const cpu = new CpuMeter({ engine: process.pid, Postgres: postgres.pid, sink: sink.pid ?? 0 });
  const began = performance.now();
  await delivering(() => emptied(50));
  const seconds = (performance.now() - began) / 1000;
  const spent = cpu.read();
  const { received } = await counts();
  const deliveries = EVENTS * ENDPOINTS;
  const bareAfter = await bare(sinkUrl);
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(quantile(await steady(sinkUrl, false), 0.99));
    beside.push(quantile(await steady(sinkUrl, true), 0.99));
  }
  const [p99Alone, p99Beside] = [quantile(alone, 0.5), quantile(beside, 0.5)];
  printFigures([
    {
      what: `deliveries, ${ENDPOINTS} endpoints, pre-filled outbox`,
      value: deliveries / seconds,
      unit: '/s',
      reference: { what: 'bare keep-alive client', value: (bareBefore.perSecond + bareAfter.perSecond) / 2 },
      target: { atLeast: TARGET_PER_SECOND },
    },
    {
      what: 'CPU of the engine’s process per delivery',
      value: ((spent.get('engine') ?? 0) * 1000) / deliveries,
      unit: 'µs',
      reference: { what: 'bare keep-alive client', value: (bareBefore.usEach + bareAfter.usEach) / 2 },
    },
    { what: 'p99 queued to received, all receivers quick', value: p99Alone, unit: 'ms' },
    {
      what: 'p99 of the others when one takes 2 s, over that',
      value: p99Beside / p99Alone,
      unit: '×',
      target: { atMost: TARGET_RATIO },
    },
  ]);
  printCpu(spent, deliveries, seconds, 'delivery');
  console.log(`p99 in rounds, ms: ${alone.join(', ')} alone; ${beside.join(', ')} beside the slow one`);
  if (received < deliveries) throw new Error(`The sink has ${received} requests: must have ${deliveries} at least`);
  if (deliveries / seconds < TARGET_PER_SECOND || p99Beside / p99Alone > TARGET_RATIO) process.exitCode = 1;
} finally {
  sink.disconnect();
  await Promise.all([pool.end(), enginePool.end()]);
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
