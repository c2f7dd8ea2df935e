import { createHash, randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Command } from '#domain';
import { NatsLink } from '#events/jetstream';
import { heapArguments } from '../../../tools/launch/heap.js';
import { startDaemon } from '../../../tools/services/daemon.js';
import { startEmbeddedNats } from '../../../tools/services/index.js';
import { Reaper } from '../../support/reaper.js';
import { program } from '../../support/root.js';
import { removeHome, tempFolder } from '../../support/temp-home.js';
import { until } from '../../support/until.js';
import { C2mClient } from './c2m-client.js';
import { capacityOf, type FleetSize } from './c2m-size.js';
import type { LeanFleetOrder, LeanTemplate } from './lean-fleet.main.js';

const JOIN_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 60_000;
/** Where CPU profiles of our processes go; none are made when it is not set. */
const PROFILE_DIR = process.env['BENCH_PROFILE_DIR'];

/** A NATS server, the control plane and a fleet of simulated nodes that have joined, each a process; and a client. */
export class C2mWorld {
  readonly template: LeanTemplate = { templateId: randomUUID(), tag: 'v1' };
  readonly dir = tempFolder();
  readonly pids: Record<string, number> = { client: process.pid };
  private readonly reaper = new Reaper(this.dir);
  private readonly ends: (() => Promise<void>)[] = [];

  private constructor() {}

  /** Runs the task in a world of this size, and clears everything away. */
  static async with<T>(
    size: FleetSize,
    task: (world: C2mWorld, client: C2mClient, link: NatsLink) => Promise<T>,
  ): Promise<T> {
    const world = new C2mWorld();
    try {
      const nats = await startEmbeddedNats({ dir: world.storeDir });
      world.watch('nats-server', nats.pid, () => nats.stop());
      const link = await NatsLink.connect({ url: nats.url, name: 'c2m' });
      world.ends.push(() => link.close());
      const env = {
        MUSTER_NATS_URL: nats.url,
        MUSTER_LOG_LEVEL: 'warn',
        MUSTER_SCHEDULER_PROFILE: 'optimize-utilization',
      };
      await world.launch('scheduler', program('apps', 'scheduler', 'src', 'main.js'), env);
      const client = new C2mClient(link);
      const push = pushOf(world.template);
      await until('The control plane takes commands', () => client.order(push).then(() => true), JOIN_LIMIT_MS);
      await (size.areAgentsReal ? world.launchAgents(size, nats.url) : world.launchLean(size, nats.url));
      await until(`${size.nodes} nodes have joined`, () => client.joined >= size.nodes, JOIN_LIMIT_MS);
      return await task(world, client, link);
    } finally {
      await world.close();
    }
  }

  get storeDir(): string {
    return join(this.dir, 'nats');
  }

  private watch(name: string, pid: number, end: () => Promise<void>): void {
    this.pids[name] = pid;
    this.reaper.watch(pid);
    this.ends.push(end);
  }

  private async launchLean(size: FleetSize, natsUrl: string): Promise<void> {
    const { template } = this;
    const order: LeanFleetOrder = { natsUrl, nodes: size.nodes, capacity: capacityOf(size), template };
    const script = program('test', 'bench', 'parts', 'lean-fleet.main.js');
    await this.launch('simulated nodes', script, { LEAN_FLEET: JSON.stringify(order) });
  }

  private async launchAgents(size: FleetSize, natsUrl: string): Promise<void> {
    await this.launch('simulated nodes', program('apps', 'node-agent', 'src', 'main.js'), {
      ...{ MUSTER_NATS_URL: natsUrl, MUSTER_LOG_LEVEL: 'warn', MUSTER_HOME: this.dir, MUSTER_DRIVER: 'simulated' },
      ...{ MUSTER_SIMULATED_NODES: String(size.nodes), MUSTER_NODE_CAPACITY: String(capacityOf(size)) },
      ...{ MUSTER_SIMULATED_BOOT: '100ms', MUSTER_SIMULATED_PULL_BYTES_PER_SECOND: '1000000000000' },
    });
  }

  private async launch(name: string, script: string, env: Readonly<Record<string, string>>): Promise<void> {
    const profile = PROFILE_DIR === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE_DIR}`];
    const daemon = await startDaemon({
      command: process.execPath,
      args: [...(name === 'scheduler' ? heapArguments(name, totalmem()) : []), ...profile, script],
      env: { PATH: process.env['PATH'], HOME: this.dir, ...env },
      logFile: join(this.dir, `${name}.log`),
    });
    this.watch(name, daemon.pid, () => daemon.end([{ signal: 'SIGTERM', withinMs: STOP_LIMIT_MS }]));
  }

  private async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
    this.reaper.dismiss();
    removeHome(this.dir);
  }
}

function pushOf({ templateId, tag }: LeanTemplate): Command {
  const blob = (name: string) => ({
    digest: `sha256:${createHash('sha256').update(name).digest('hex')}`,
    sizeBytes: 1e9,
  });
  return {
    ...{ type: 'PushTemplate', templateId, tag, name: 'linux', description: '', arch: 'amd64' },
    ...{ disk: blob('disk'), kernel: blob('kernel'), initrd: blob('initrd'), cmdline: 'console=ttyS0 root=/dev/vda' },
    ...{ cpu: 1, memoryMiB: 128, forwards: [{ name: 'ssh', guestPort: 22 }] },
  };
}
