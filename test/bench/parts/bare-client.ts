import { setTimeout as pause } from 'node:timers/promises';
import { BareServer } from './bare-server.js';
import { CpuMeter } from './cpu.js';
import { RawHttp } from './raw-http.js';

const CONNECTIONS = 64;
const ORDER = '{"vmid":"00000000-0000-4000-8000-000000000000"}';

/** The bare door under the same client as ours. */
export class BareDoor {
  private constructor(
    private readonly server: BareServer,
    private readonly http: RawHttp,
  ) {}

  static async open(natsUrl: string): Promise<BareDoor> {
    const server = await BareServer.start('bare-door', { BARE_NATS_URL: natsUrl });
    return new BareDoor(server, await RawHttp.connect(server.url, CONNECTIONS));
  }

  /** Requests per second that it answers at most, and CPU of its process per request. */
  async saturate(seconds: number): Promise<{ perSecond: number; cpuUs: number }> {
    let [answered, over] = [0, false];
    const cpu = new CpuMeter({ bare: this.server.pid });
    const workers = Array.from({ length: CONNECTIONS }, async () => {
      for (; !over; answered++) await this.post();
    });
    await pause(seconds * 1000);
    over = true;
    await Promise.all(workers);
    return { perSecond: answered / seconds, cpuUs: ((cpu.read().get('bare') ?? 0) * 1000) / answered };
  }

  /** Latencies of requests that leave at fixed times, ms. */
  async pace(perSecond: number, seconds: number): Promise<number[]> {
    const begin = performance.now();
    const latencies: Promise<number>[] = [];
    for (let n = 0; n < perSecond * seconds; n++) {
      const due = begin + (n * 1000) / perSecond;
      if (due > performance.now()) await pause(due - performance.now());
      latencies.push(this.post().then(() => performance.now() - due));
    }
    return Promise.all(latencies);
  }

  async close(): Promise<void> {
    this.http.close();
    await this.server.stop();
  }

  private post(): Promise<unknown> {
    return this.http.ask('POST', '/api/v1/vm', ORDER);
  }
}
