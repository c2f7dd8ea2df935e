import { setTimeout as pause } from 'node:timers/promises';
import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { bareRate, type BareFigures } from './parts/bare-rate.js';
import { CpuMeter } from './parts/cpu.js';
import { Load, Tally, type Stage } from './parts/load.js';
import { printCpu, printFigures, quantile } from './parts/figures.js';
import { RawHttp } from './parts/raw-http.js';
import { VmNews } from './parts/vm-news.js';

const NODES = 200;
const BOOT_MS = Number(process.env['BENCH_BOOT_MS'] ?? 20);
/** Lifecycles under way at once when the rate is sought. */
const CONCURRENT = Number(process.env['BENCH_CONCURRENT'] ?? 256);
const CONNECTIONS = CONCURRENT;
/** How long terminated VMs stay visible: short, so that their removal is a part of the load. */
const VISIBLE_S = 10;
const WARM_UP_S = 10;
const MEASURE_S = Number(process.env['BENCH_SECONDS'] ?? 60);
const REFERENCE_S = 10;
/** Rate at which latency is measured; requests leave when they are due, whether or not earlier ones were answered. */
const PACE_PER_S = 200;
const PACE_S = 20;
/** Where CPU profiles of our processes go; none are made when it is not set. */
const PROFILE_DIR = process.env['BENCH_PROFILE_DIR'];

function report(full: Tally, seconds: number, paced: Tally, bare: BareFigures): void {
  printFigures([
    {
      what: `lifecycles per second, ${CONCURRENT} at once, ${seconds.toFixed(0)} s`,
      value: full.done / seconds,
      unit: '/s',
      reference: { what: 'bare door, 2 requests each:', value: bare.perSecond / 2 },
      target: { atLeast: 600 },
    },
    { what: `POST at ${PACE_PER_S}/s, p50`, value: quantile(paced.stageMs.POST, 0.5), unit: 'ms' },
    {
      what: `POST at ${PACE_PER_S}/s, p99`,
      value: quantile(paced.stageMs.POST, 0.99),
      unit: 'ms',
      reference: { what: 'bare door, p99:', value: bare.p99Ms },
      target: { atMost: 25 },
    },
  ]);
}

function printStages({ stageMs }: Tally): void {
  const text = (Object.keys(stageMs) as Stage[]).map((stage) => `${stage} ${quantile(stageMs[stage], 0.5).toFixed(0)}`);
  console.log(`where the time of a lifecycle goes under full load, medians in ms: ${text.join(', ')}`);
}

async function main(): Promise<void> {
  const env = { ANKA_INSTANCE_TIME_OUT: `${VISIBLE_S}s`, MUSTER_NODE_CAPACITY: '50', MUSTER_LOG_LEVEL: 'warn' };
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
    await pause((VISIBLE_S + 2) * 1000); // until the last VM of the full load has left the lists
    const paced = load();
    await paced.pace(PACE_PER_S, PACE_S);
    const bare = await bareRate(fleet.natsUrl, { connections: 64, seconds: REFERENCE_S, pacePerS: PACE_PER_S });

    report(full.tally, seconds, paced.tally, bare);
    printCpu(spent, full.tally.done, seconds, 'lifecycle');
    printStages(full.tally);
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
