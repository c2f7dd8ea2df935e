import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { BareServer } from './parts/bare-server.js';
import { CpuMeter } from './parts/cpu.js';
import { type Driven, pace, saturate } from './parts/drive.js';
import { type Figure, printFigures, quantile } from './parts/figures.js';
import { RawHttp } from './parts/raw-http.js';
import { tap } from './parts/tap.js';

const NODES = 200;
const NODE_CAPACITY = 50;
/** How many the lists hold; of the other seats the starts of the mixed load take some. */
const INSTANCES = Number(process.env['BENCH_INSTANCES'] ?? 5_000);
const START_AT_ONCE = 500;
const STARTED_LIMIT_MS = 120_000;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 20);
const WARM_UP_S = 3;
/** Clients that ask for lists one after the other, and for single instances. */
const LIST_CLIENTS = 4;
const GET_CLIENTS = 64;
const LISTS_PER_S = 20;
/** Five hundred CI jobs that look after their VM every five seconds, while others begin. */
const POLLING_CLIENTS = 500;
const POLL_EVERY_S = 5;
const STARTS_PER_S = 50;
/** Where CPU profiles of our processes go; none are made when it is not set. */
const PROFILE_DIR = process.env['BENCH_PROFILE_DIR'];

/** Ours and a bare Fastify that sends the same bytes. */
interface Rivals {
  readonly fleet: Fleet;
  readonly ours: RawHttp;
  readonly bare: RawHttp;
  readonly barePid: number;
  readonly ids: readonly string[];
  readonly template: string;
}

const p99 = ({ latenciesMs }: Driven): number => quantile(latenciesMs, 0.99);
const rate = ({ done, seconds }: Driven): number => done / seconds;

async function get(http: RawHttp, path: string): Promise<string> {
  const { status, body } = await http.ask('GET', path);
  if (status !== 200 || !body.startsWith('{"status":"OK"')) throw new Error(`GET ${path} answered ${status}: ${body}`);
  return body;
}

/** The load, and how many requests it made per second of CPU of that process. */
async function perCore(pid: number, load: () => Promise<Driven>): Promise<{ driven: Driven; perCpuSecond: number }> {
  const cpu = new CpuMeter({ it: pid });
  const driven = await load();
  return { driven, perCpuSecond: (driven.done * 1000) / (cpu.read().get('it') ?? Number.NaN) };
}

async function lists({ fleet, ours, bare, barePid }: Rivals): Promise<Figure[]> {
  const list = (): Promise<string> => get(ours, '/api/v1/vm');
  const bytes = await list();
  const shown = (JSON.parse(bytes) as { body: unknown[] }).body.length;
  if (shown !== INSTANCES) throw new Error(`The list has ${shown} instances, must have ${INSTANCES}`);
  await bare.ask('PUT', '/list', bytes);
  const bareList = (): Promise<string> => get(bare, '/list');
  await saturate(LIST_CLIENTS, WARM_UP_S, list);
  const full = await perCore(fleet.member('api').pid, () => saturate(LIST_CLIENTS, SECONDS, list));
  const bareFull = await perCore(barePid, () => saturate(LIST_CLIENTS, WARM_UP_S, bareList));
  const [paced, barePaced] = [await pace(LISTS_PER_S, SECONDS, list), await pace(LISTS_PER_S, SECONDS / 2, bareList)];
  const what = `GET vm, ${INSTANCES} instances, ${(bytes.length / 1e6).toFixed(1)} MB`;
  const reference = (value: number) => ({ what: 'bare Fastify, same bytes:', value });
  return [
    {
      what,
      ...{ value: rate(full.driven), unit: '/s', reference: reference(rate(bareFull.driven)) },
      target: { atLeast: LISTS_PER_S },
    },
    {
      what: `${what}, per core of the API`,
      ...{ value: full.perCpuSecond, unit: '/s', reference: reference(bareFull.perCpuSecond) },
    },
    { what: `${what}, p50 at ${LISTS_PER_S}/s`, value: quantile(paced.latenciesMs, 0.5), unit: 'ms' },
    {
      what: `${what}, p99 at ${LISTS_PER_S}/s`,
      ...{ value: p99(paced), unit: 'ms', reference: reference(p99(barePaced)), target: { atMost: 150 } },
    },
  ];
}

async function singles({ fleet, ours, bare, barePid, ids }: Rivals): Promise<Figure[]> {
  let n = 0;
  const one = (): Promise<string> => get(ours, `/api/v1/vm?id=${ids[n++ % ids.length]}`);
  await saturate(GET_CLIENTS, WARM_UP_S, one);
  const mine = await perCore(fleet.member('api').pid, () => saturate(GET_CLIENTS, SECONDS, one));
  const theirs = await perCore(barePid, () => saturate(GET_CLIENTS, WARM_UP_S, () => get(bare, '/one')));
  const reference = { what: 'bare Fastify, same bytes:', value: theirs.perCpuSecond };
  return [
    {
      what: `GET vm?id per core of the API, ${GET_CLIENTS} clients`,
      ...{ value: mine.perCpuSecond, unit: '/s', reference, target: { atLeast: 3_000 } },
    },
    { what: 'GET vm?id per second, all on this machine', value: rate(mine.driven), unit: '/s' },
  ];
}

async function polling({ ours, bare, ids, template }: Rivals): Promise<Figure[]> {
  const pollsPerS = POLLING_CLIENTS / POLL_EVERY_S;
  const order = JSON.stringify({ vmid: template });
  const start = async (): Promise<void> => {
    const { status, body } = await ours.ask('POST', '/api/v1/vm', order);
    if (status !== 200) throw new Error(`POST vm answered ${status}: ${body}`);
  };
  const [polls, starts] = await Promise.all([
    pace(pollsPerS, SECONDS, (n) => get(ours, `/api/v1/vm?id=${ids[n % POLLING_CLIENTS]}`)),
    pace(STARTS_PER_S, SECONDS, start),
  ]);
  const theirs = await pace(pollsPerS + STARTS_PER_S, SECONDS / 2, () => get(bare, '/one'));
  const reference = { what: 'bare Fastify, as many GETs:', value: p99(theirs) };
  const what = `${POLLING_CLIENTS} clients poll, ${STARTS_PER_S} starts/s`;
  return [
    { what: `${what}: GET p99`, value: p99(polls), unit: 'ms', reference, target: { atMost: 100 } },
    { what: `${what}: POST p99`, value: p99(starts), unit: 'ms', target: { atMost: 100 } },
  ];
}

/** As many instances as the lists are to hold, all started. */
async function fill(fleet: Fleet, template: string): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < INSTANCES)
    ids.push(...(await fleet.anka.start({ vmid: template, count: Math.min(START_AT_ONCE, INSTANCES - ids.length) })));
  const allRun = async (): Promise<boolean> =>
    (await fleet.anka.instances()).every(({ vm }) => vm.instance_state === 'Started');
  await until(`${INSTANCES} instances are Started`, allRun, STARTED_LIMIT_MS);
  return ids;
}

const MEASURES = { lists, singles, polling };

/** Over a fleet of its own, in which callers must log in. */
const ALONE = { tap };

/** All of them, or those that `--only` names, e.g. `--only lists,singles`. */
function asked([flag, names = '']: readonly string[]): readonly string[] {
  const known = [...Object.keys(MEASURES), ...Object.keys(ALONE)];
  if (flag === undefined) return known;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !known.includes(name));
  if (flag !== '--only' || unknown.length > 0)
    throw new Error(`Unknown: ${flag} ${unknown.join()}; --only takes some of ${known.join()}`);
  return wanted;
}

async function main(): Promise<void> {
  const wanted = asked(process.argv.slice(2));
  const measures = Object.entries(MEASURES).filter(([name]) => wanted.includes(name));
  if (measures.length > 0) await measureTogether(measures.map(([, measure]) => measure));
  if (wanted.includes('tap')) printFigures(await ALONE.tap());
}

async function measureTogether(measures: readonly ((rivals: Rivals) => Promise<Figure[]>)[]): Promise<void> {
  const env = { MUSTER_NODE_CAPACITY: String(NODE_CAPACITY), MUSTER_LOG_LEVEL: 'warn' };
  const nodeArguments = PROFILE_DIR === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE_DIR}`];
  const fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 20, env, nodeArguments });
  const server = await BareServer.start('bare-fastify');
  try {
    const template = await offerPretendedTemplate(fleet);
    const ids = await fill(fleet, template);
    const [ours, bare] = [
      await RawHttp.connect(fleet.apiUrl, POLLING_CLIENTS),
      await RawHttp.connect(server.url, GET_CLIENTS),
    ];
    await bare.ask('PUT', '/one', await get(ours, `/api/v1/vm?id=${ids[0]}`));
    const rivals = { fleet, ours, bare, barePid: server.pid, ids, template };
    for (const measure of measures) printFigures(await measure(rivals));
    ours.close();
    bare.close();
  } catch (cause) {
    console.error(fleet.logTails());
    throw cause;
  } finally {
    await server.stop();
    await fleet.close();
  }
}

await main();
