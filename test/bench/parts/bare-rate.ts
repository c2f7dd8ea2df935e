import { setTimeout as pause } from 'node:timers/promises';
import { BareServer } from './bare-server.js';
import { CpuMeter } from './cpu.js';
import { quantile } from './figures.js';
import { RawHttp } from './raw-http.js';

export interface BarePlan {
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second at which latency is measured. */
  readonly pacePerS: number;
}

export interface BareFigures {
  readonly perSecond: number;
  /** Of the door's process, per request. */
  readonly cpuUs: number;
  readonly p99Ms: number;
}

/** Requests per second that the bare door answers under the same client; two of them are the HTTP half of a lifecycle. */
export async function bareRate(natsUrl: string, plan: BarePlan): Promise<BareFigures> {
  const { connections, seconds, pacePerS } = plan;
  const server = await BareServer.start(natsUrl);
  const http = await RawHttp.connect(server.url, connections);
  let [answered, over] = [0, false];
  const cpu = new CpuMeter({ bare: server.pid });
  const workers = Array.from({ length: connections }, async () => {
    for (; !over; answered++) await http.ask('POST', '/api/v1/vm', '{"vmid":"00000000-0000-4000-8000-000000000000"}');
  });
  await pause(seconds * 1000);
  over = true;
  await Promise.all(workers);
  const cpuUs = ((cpu.read().get('bare') ?? 0) * 1000) / answered;
  const perSecond = answered / seconds;
  const latencies: Promise<number>[] = [];
  const begin = performance.now();
  for (let n = 0; n < pacePerS * seconds; n++) {
    const due = begin + (n * 1000) / pacePerS;
    if (due > performance.now()) await pause(due - performance.now());
    latencies.push(http.ask('POST', '/api/v1/vm', '{}').then(() => performance.now() - due));
  }
  const p99Ms = quantile(await Promise.all(latencies), 0.99);
  http.close();
  await server.stop();
  return { perSecond, cpuUs, p99Ms };
}
