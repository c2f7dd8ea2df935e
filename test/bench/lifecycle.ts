import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '../support/anka-client.js';
import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { BareServer } from './parts/bare-server.js';
import { CpuMeter } from './parts/cpu.js';
import { printCpu, printFigures, quantile } from './parts/figures.js';
import { RawHttp } from './parts/raw-http.js';
import { VmNews } from './parts/vm-news.js';

const NODES = 200;
const BOOT_MS = Number(process.env['BENCH_BOOT_MS'] ?? 20);
/** Lifecycles under way at once when the rate is sought. */
const CONCURRENT = Number(process.env['BENCH_CONCURRENT'] ?? 256);
const CONNECTIONS = 64;
const WARM_UP_S = 10;
const MEASURE_S = Number(process.env['BENCH_SECONDS'] ?? 60);
const REFERENCE_S = 10;
/** Rate at which latency is measured; requests leave when they are due, whether or not earlier ones were answered. */
const PACE_PER_S = 200;
const PACE_S = 20;
/** Where CPU profiles of our processes go; none are made when it is not set. */
const PROFILE_DIR = process.env['BENCH_PROFILE_DIR'];
/** A lifecycle that takes longer, after the load has ended, will never end. */
const STUCK_MS = 30_000;
/** Of so many lifecycles one is looked at through the API, too. */
const SAMPLE_EVERY = 200;

/** What was observed so far. */
class Tally {
  done = 0;
  wrong: string[] = [];
  readonly postMs: number[] = [];
}

class Load {
  private count = 0;
  private over = false;
  /** What each lifecycle under way waits for. */
  private readonly stages = new Map<number, string>();

  constructor(
    private readonly http: RawHttp,
    private readonly news: VmNews,
    private readonly template: string,
    readonly tally: Tally,
  ) {}

  /** As many lifecycles at once as asked, each followed by the next, for so long. */
  async saturate(concurrent: number, seconds: number): Promise<void> {
    this.over = false;
    const workers = Array.from({ length: concurrent }, async () => {
      while (!this.over) await this.lifecycle(performance.now());
    });
    await pause(seconds * 1000);
    this.over = true;
    await this.allDone(workers);
  }

  /** Lifecycles that begin at fixed times. */
  async pace(perSecond: number, seconds: number): Promise<void> {
    const begin = performance.now();
    const all: Promise<void>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      const due = begin + (n * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      all.push(this.lifecycle(due));
    }
    await this.allDone(all);
  }

  /** Waits for the last lifecycles; one that gets stuck is an error, not a slow one. */
  private async allDone(lifecycles: readonly Promise<void>[]): Promise<void> {
    const late = new AbortController();
    const limit = pause(STUCK_MS, undefined, { signal: late.signal }).then(() => {
      const stages = [...this.stages.values()];
      throw new Error(`${stages.length} lifecycles are stuck: ${stages.slice(0, 20).join(', ')}`);
    });
    try {
      await Promise.race([Promise.all(lifecycles), limit]);
    } finally {
      late.abort();
      limit.catch(() => undefined);
    }
  }

  /** POST → Started → DELETE → Terminated. Latency counts from `due`. */
  private async lifecycle(due: number): Promise<void> {
    const own = ++this.count;
    const isSample = own % SAMPLE_EVERY === 0;
    this.stages.set(own, 'POST');
    const posted = await this.http.ask('POST', '/api/v1/vm', `{"vmid":"${this.template}"}`);
    this.tally.postMs.push(performance.now() - due);
    const id = (JSON.parse(posted.body) as { body?: string[] }).body?.[0];
    if (posted.status !== 200 || id === undefined) throw new Error(`POST answered ${posted.status}: ${posted.body}`);
    this.stages.set(own, `start of ${id}`);
    await this.news.hears(id, 'VMStarted');
    if (isSample) await this.expectState(id, 'Started');
    this.stages.set(own, `DELETE of ${id}`);
    const deleted = await this.http.ask('DELETE', '/api/v1/vm', `{"id":"${id}"}`);
    if (deleted.status !== 200) throw new Error(`DELETE answered ${deleted.status}: ${deleted.body}`);
    this.stages.set(own, `end of ${id}`);
    await this.news.hears(id, 'VMTerminated');
    if (isSample) await this.expectState(id, 'Terminated');
    this.stages.delete(own);
    this.tally.done++;
  }

  /** The event may be a moment ahead of the projection. */
  private async expectState(id: string, state: string): Promise<void> {
    let seen = '';
    for (let attempt = 0; attempt < 20; attempt++) {
      const { body } = await this.http.ask('GET', `/api/v1/vm?id=${id}`);
      seen = (JSON.parse(body) as { body?: Instance }).body?.instance_state ?? body;
      if (seen === state) return;
      await pause(50);
    }
    this.tally.wrong.push(`${id} is ${seen}, not ${state}`);
  }
}

/** Requests per second that the bare door answers under the same client; two of them are the HTTP half of a lifecycle. */
async function bareRate(natsUrl: string): Promise<{ perSecond: number; cpuUs: number; p99Ms: number }> {
  const server = await BareServer.start(natsUrl);
  const http = await RawHttp.connect(server.url, CONNECTIONS);
  let [answered, over] = [0, false];
  const cpu = new CpuMeter({ bare: server.pid });
  const workers = Array.from({ length: CONNECTIONS }, async () => {
    for (; !over; answered++) await http.ask('POST', '/api/v1/vm', '{"vmid":"00000000-0000-4000-8000-000000000000"}');
  });
  await pause(REFERENCE_S * 1000);
  over = true;
  await Promise.all(workers);
  const cpuUs = ((cpu.read().get('bare') ?? 0) * 1000) / answered;
  const perSecond = answered / REFERENCE_S;
  const latencies: Promise<number>[] = [];
  const begin = performance.now();
  for (let n = 0; n < PACE_PER_S * REFERENCE_S; n++) {
    const due = begin + (n * 1000) / PACE_PER_S;
    if (due > performance.now()) await pause(due - performance.now());
    latencies.push(http.ask('POST', '/api/v1/vm', '{}').then(() => performance.now() - due));
  }
  const p99Ms = quantile(await Promise.all(latencies), 0.99);
  http.close();
  await server.stop();
  return { perSecond, cpuUs, p99Ms };
}

function report(full: Tally, seconds: number, paced: Tally, bare: { perSecond: number; p99Ms: number }): void {
  printFigures([
    {
      what: `lifecycles per second, ${CONCURRENT} at once, ${seconds.toFixed(0)} s`,
      value: full.done / seconds,
      unit: '/s',
      reference: { what: 'bare door, 2 requests each:', value: bare.perSecond / 2 },
      target: { atLeast: 600 },
    },
    { what: `POST at ${PACE_PER_S}/s, p50`, value: quantile(paced.postMs, 0.5), unit: 'ms' },
    {
      what: `POST at ${PACE_PER_S}/s, p99`,
      value: quantile(paced.postMs, 0.99),
      unit: 'ms',
      reference: { what: 'bare door, p99:', value: bare.p99Ms },
      target: { atMost: 25 },
    },
  ]);
}

async function main(): Promise<void> {
  const env = { ANKA_INSTANCE_TIME_OUT: '10s', MUSTER_NODE_CAPACITY: '50', MUSTER_LOG_LEVEL: 'warn' };
  const nodeArguments = PROFILE_DIR === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE_DIR}`];
  const fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: BOOT_MS, env, nodeArguments });
  try {
    const template = await offerPretendedTemplate(fleet);
    const news = new VmNews(await fleet.nats());
    const http = await RawHttp.connect(fleet.apiUrl, CONNECTIONS);
    const names = ['api', 'scheduler', 'node-agent', 'nats', 'postgres'] as const;
    const pids = {
      ...Object.fromEntries(names.map((name) => [name, fleet.member(name).pid])),
      'load generator': process.pid,
    };
    const load = (): Load => new Load(http, news, template, new Tally());

    await load().saturate(CONCURRENT, WARM_UP_S);
    const full = load();
    const [cpu, begin] = [new CpuMeter(pids), performance.now()];
    await full.saturate(CONCURRENT, MEASURE_S);
    const seconds = (performance.now() - begin) / 1000;
    const spent = cpu.read();
    const paced = load();
    await paced.pace(PACE_PER_S, PACE_S);
    const bare = await bareRate(fleet.natsUrl);

    report(full.tally, seconds, paced.tally, bare);
    printCpu(spent, full.tally.done, seconds, 'lifecycle');
    console.log(`bare door: ${(2 * bare.cpuUs).toFixed(0)} µs of CPU for two requests`);
    const wrong = [...full.tally.wrong, ...paced.tally.wrong];
    for (const line of wrong) console.log(`wrong: ${line}`);
    process.exitCode = wrong.length > 0 ? 1 : 0;
    http.close();
  } catch (cause) {
    console.error(fleet.logTails());
    throw cause;
  } finally {
    await fleet.close();
  }
}

await main();
