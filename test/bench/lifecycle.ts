import { setTimeout as pause } from 'node:timers/promises';
import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { BareDoor } from './parts/bare-client.js';
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
/** Ours and the bare door by turns, each so long and so often: what else the machine does meets both alike. */
const PACE_S = 5;
const PACE_ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
/** Where CPU profiles of our processes go; none are made when it is not set. */
const PROFILE_DIR = process.env['BENCH_PROFILE_DIR'];

/** Of one round at a fixed rate, ms. */
interface PacedRound {
  readonly p50: number;
  readonly p99: number;
  readonly bareP99: number;
}

/** Latency at a fixed rate, ours and the bare door's by turns. */
async function pacedRounds(load: Load, bare: BareDoor): Promise<PacedRound[]> {
  const rounds: PacedRound[] = [];
  for (let n = 0; n < PACE_ROUNDS; n++) {
    load.tally.stageMs.POST.length = 0;
    await load.pace(PACE_PER_S, PACE_S);
    const ours = load.tally.stageMs.POST;
    const theirs = await bare.pace(PACE_PER_S, PACE_S);
    rounds.push({ p50: quantile(ours, 0.5), p99: quantile(ours, 0.99), bareP99: quantile(theirs, 0.99) });
  }
  return rounds;
}

function report(rate: number, bareRate: number, rounds: readonly PacedRound[]): void {
  const median = (pick: (round: PacedRound) => number): number => quantile(rounds.map(pick), 0.5);
  const at = `POST at ${PACE_PER_S}/s, median of ${rounds.length} rounds`;
  printFigures([
    {
      what: `lifecycles per second, ${CONCURRENT} at once, ${MEASURE_S} s`,
      value: rate,
      unit: '/s',
      reference: { what: 'bare door, 2 requests each:', value: bareRate / 2 },
      target: { atLeast: 600 },
    },
    { what: `${at}, p50`, value: median(({ p50 }) => p50), unit: 'ms' },
    {
      what: `${at}, p99`,
      value: median(({ p99 }) => p99),
      unit: 'ms',
      reference: { what: 'bare door:', value: median(({ bareP99 }) => bareP99) },
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
    const bare = await BareDoor.open(fleet.natsUrl);
    const paced = load();
    const rounds = await pacedRounds(paced, bare);
    const { perSecond, cpuUs } = await bare.saturate(REFERENCE_S);
    await bare.close();

    report(full.tally.done / seconds, perSecond, rounds);
    printCpu(spent, full.tally.done, seconds, 'lifecycle');
    printStages(full.tally);
    console.log(`bare door: ${(2 * cpuUs).toFixed(0)} µs of CPU for two requests`);
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
