import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '#domain';
import { encodeEvent } from '#events';
import { ensureStreams, JetStreamEventLog, NatsLink } from '#events/jetstream';
import { Fleet } from '../support/fleet.js';
import { FleetHistory } from '../support/fleet-history.js';
import { program } from '../support/root.js';
import { until } from '../support/until.js';
import { CpuMeter, peakResidentMb, residentMb } from './parts/cpu.js';
import { printCpu, printFigures } from './parts/figures.js';

/** Many clients follow the log: what that costs the API, and how soon they hear, against the least that a server could do. */
const FOLLOWERS = Number(process.env['BENCH_FOLLOWERS'] ?? 1_000);
const PER_SECOND = Number(process.env['BENCH_RATE'] ?? 200);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 30);
const TARGET_MB = 300;
const TARGET_P99_MS = 50;
const EVENTS = PER_SECOND * SECONDS;
/** The first events make nodes and templates, and warm up. */
const WARM_UP = 200;

interface Heard {
  readonly received: number;
  readonly due: number;
  readonly wrong: number;
  readonly bytes: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const now = (): number => performance.timeOrigin + performance.now();

function eventsOf(count: number): RecordedEvent[] {
  const history = new FleetHistory({ seed: 3, nodes: 8 });
  const all = history.found();
  while (all.length < count) all.push(...history.tick());
  return all.slice(0, count);
}

/** The followers, in a process of their own. */
class Crowd {
  private constructor(
    readonly child: ChildProcess,
    private readonly lines: Interface,
  ) {}

  static async gather(address: string): Promise<Crowd> {
    const script = program('test', 'bench', 'parts', 'sse-followers.js');
    const words = [address, FOLLOWERS, WARM_UP + 1, EVENTS].map(String);
    const child = spawn(process.execPath, [script, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    return new Crowd(child, lines);
  }

  async tell(sentAt: readonly number[]): Promise<Heard> {
    const answer = once(this.lines, 'line') as Promise<[string]>;
    this.child.stdin?.write(`${JSON.stringify(sentAt)}\n`);
    return JSON.parse((await answer)[0]) as Heard;
  }
}

/** Sends the events at their times; when each left. */
async function send(events: readonly RecordedEvent[], one: (event: RecordedEvent) => void): Promise<number[]> {
  const sentAt: number[] = [];
  const begin = now();
  for (const [n, event] of events.entries()) {
    const early = begin + (n * 1000) / PER_SECOND - now();
    if (early > 1) await pause(early);
    sentAt.push(now());
    one(event);
  }
  return sentAt;
}

async function measureBare(events: readonly RecordedEvent[]) {
  const server = spawn(process.execPath, [program('test', 'bench', 'parts', 'bare-sse.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  const crowd = await Crowd.gather(`http://127.0.0.1:${port.toString().trim()}/`);
  const pid = server.pid as number;
  const cpu = new CpuMeter({ 'bare server': pid, followers: crowd.child.pid as number });
  const sentAt = await send(events, (event) => {
    const body = encodeEvent(event);
    const frame = `id: ${event.sequence}\nevent: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;
    server.stdin.write(`${JSON.stringify(frame)}\n`);
  });
  const heard = await crowd.tell(sentAt);
  const spent = cpu.read();
  const measured = { heard, spent, residentMb: residentMb(pid), peakMb: peakResidentMb(pid) };
  server.kill('SIGKILL');
  return measured;
}

async function measureOurs(fleet: Fleet, warmUp: readonly RecordedEvent[], events: readonly RecordedEvent[]) {
  const link = await NatsLink.connect({ url: fleet.natsUrl, name: 'bench' });
  await ensureStreams(link);
  const appender = new JetStreamEventLog(link).appender(0);
  await fleet.add('api');
  const stream = `${fleet.apiUrl}/api/v2/stream`;
  await until('the API takes questions', async () => (await fetch(stream, { method: 'HEAD' })).status === 200, 30_000);
  await appender.append(warmUp);
  const pid = fleet.member('api').pid;
  const idleMb = residentMb(pid);
  const crowd = await Crowd.gather(stream);
  const pids = { api: pid, followers: crowd.child.pid as number, NATS: fleet.member('nats').pid };
  const cpu = new CpuMeter({ ...pids, Postgres: fleet.member('postgres').pid });
  const sentAt = await send(events, (event) => void appender.append([event]));
  await appender.idle();
  const heard = await crowd.tell(sentAt);
  const spent = cpu.read();
  const figures = await (await fetch(`${fleet.apiUrl}/metrics`)).text();
  await link.close();
  return { heard, spent, idleMb, residentMb: residentMb(pid), peakMb: peakResidentMb(pid), figures };
}

const all = eventsOf(WARM_UP + EVENTS);
const [warmUp, events] = [all.slice(0, WARM_UP), all.slice(WARM_UP)];
const bare = await measureBare(events);
const fleet = await Fleet.withServers({ driver: 'simulated' });
try {
  await fleet.migrate();
  const ours = await measureOurs(fleet, warmUp, events);
  const { heard } = ours;
  const what = `${FOLLOWERS} followers, ${PER_SECOND} events/s`;
  const reference = (value: number) => ({ what: 'bare node:http:', value });
  printFigures([
    { what: `append → SSE, median, ${what}`, value: heard.p50, unit: 'ms', reference: reference(bare.heard.p50) },
    {
      ...{ what: 'append → SSE, p99', value: heard.p99, unit: 'ms', reference: reference(bare.heard.p99) },
      target: { atMost: TARGET_P99_MS },
    },
    { what: 'append → SSE, longest', value: heard.most, unit: 'ms', reference: reference(bare.heard.most) },
    {
      ...{ what: 'resident at its peak, API', value: ours.peakMb, unit: 'MB', reference: reference(bare.peakMb) },
      target: { atMost: TARGET_MB },
    },
    { what: 'resident at the end, API', value: ours.residentMb, unit: 'MB', reference: reference(bare.residentMb) },
    { what: 'resident without followers, API', value: ours.idleMb, unit: 'MB' },
    { what: 'events that did not come', value: heard.due - heard.received, unit: '', target: { atMost: 0 } },
    { what: 'events that came twice or out of order', value: heard.wrong, unit: '', target: { atMost: 0 } },
    { what: 'sent to followers', value: heard.bytes / SECONDS / 1e6, unit: 'MB/s' },
  ]);
  console.log(
    ours.figures
      .split('\n')
      .filter((line) => /^muster_stream/.test(line))
      .join('\n'),
  );
  printCpu(ours.spent, heard.received, SECONDS, 'event sent');
  console.log('and of the bare server:');
  printCpu(bare.spent, bare.heard.received, SECONDS, 'event sent');
} finally {
  await fleet.close();
}
