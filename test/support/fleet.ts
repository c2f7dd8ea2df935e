import { totalmem } from 'node:os';
import type { NatsConnection } from '@nats-io/transport-node';
import { runToEnd } from '../../tools/launch/app-process.js';
import { environmentOf, type Surroundings } from '../../tools/launch/environment.js';
import { heapArguments } from '../../tools/launch/heap.js';
import type { Home } from '../../tools/launch/home.js';
import { logFileOf } from '../../tools/launch/infrastructure.js';
import { localUrl, type LaunchSettings } from '../../tools/launch/settings.js';
import { startDaemon } from '../../tools/services/daemon.js';
import { freePort } from '../../tools/services/ports.js';
import { AnkaClient } from './anka-client.js';
import { EventTap } from './event-tap.js';
import { type FleetNatsUrls, natsClient, natsMember, postgresMember } from './fleet-servers.js';
import { endGuestsBelow } from './guests.js';
import { tail } from './log-tail.js';
import { Member, type Begun } from './member.js';
import { Reaper } from './reaper.js';
import { program } from './root.js';
import { basicOf } from './tap-login.js';
import { removeHome, tempHome } from './temp-home.js';
import { until } from './until.js';

export type AppName = 'api' | 'scheduler' | 'node-agent';
/** `stand-by` is a second scheduler, `second-api` a second replica of the API. */
export type MemberName = AppName | 'stand-by' | 'second-api' | 'nats' | 'postgres';

export interface FleetOptions {
  readonly driver: 'qemu' | 'simulated';
  /** Nodes that the agent plays with the simulated driver. */
  readonly nodes?: number;
  /** How long a simulated VM takes to boot. */
  readonly bootMs?: number;
  /** More settings, for every process that knows them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Postgres need not survive the power cut: quicker, but not how it runs in life. */
  readonly ephemeralDatabase?: boolean;
  readonly standBy?: boolean;
  /** Arguments for Node itself in each of our processes, e.g. to profile them. */
  readonly nodeArguments?: readonly string[];
}

const READY_LIMIT_MS = 60_000;
const MIGRATE_LIMIT_MS = 60_000;

/**
 * Muster as it runs in life: its programs from the build, with a real NATS and a real Postgres, on free ports and in a folder of its
 * own. `close` ends every process that was started and deletes the folder.
 */
export class Fleet {
  /** Root, where callers must say who they are. */
  readonly anka: AnkaClient;
  private readonly members = new Map<MemberName, Member>();
  private readonly reaper: Reaper;
  private readonly connections: NatsConnection[] = [];

  private constructor(
    readonly options: FleetOptions,
    readonly home: Home,
    private readonly settings: LaunchSettings,
    readonly natsUrls: FleetNatsUrls,
    /** Secret. */
    readonly databaseUrl: string,
    private readonly ports: Readonly<Record<'api' | 'second-api' | 'scheduler' | 'stand-by' | 'node-agent', number>>,
    servers: { nats: Member; postgres: Member; reaper: Reaper },
  ) {
    const { ANKA_ENABLE_AUTH: auth, ANKA_ROOT_TOKEN: token = '' } = options.env ?? {};
    this.anka = new AnkaClient(settings.apiUrl, auth === 'true' ? { authorization: basicOf('root', token) } : {});
    this.members.set('nats', servers.nats);
    this.members.set('postgres', servers.postgres);
    this.reaper = servers.reaper;
  }

  /** Starts everything and waits until the API is ready and every node is active. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = await Fleet.withServers(options);
    try {
      await fleet.migrate();
      const apps = ['scheduler', 'api', 'node-agent', ...(options.standBy ? ['stand-by' as const] : [])] as const;
      // All of them settle before anything is said: one that starts late must not be left behind.
      const begun = await Promise.allSettled(apps.map((name) => fleet.add(name)));
      for (const outcome of begun) if (outcome.status === 'rejected') throw outcome.reason;
      await fleet.ready();
    } catch (cause) {
      const logs = fleet.logTails();
      await fleet.close();
      throw new Error(`The fleet does not come up: ${(cause as Error).message}\n${logs}`, { cause });
    }
    return fleet;
  }

  get apiUrl(): string {
    return this.settings.apiUrl;
  }

  /** Where the second replica answers, once it was added. */
  get secondApiUrl(): string {
    return localUrl({ host: '127.0.0.1', port: this.ports['second-api'] });
  }

  /** Where the first API serves the registry's own routes. */
  get registryUrl(): string {
    return `http://127.0.0.1:${this.settings.registryListen?.port}`;
  }

  member(name: MemberName): Member {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`This fleet has no ${name}`);
    return member;
  }

  /** Adds a process that was not there from the start, e.g. a stand-by, with settings of its own, and starts it. */
  async add(
    name: Exclude<MemberName, 'nats' | 'postgres'>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Member> {
    const member = new Member(name, logFileOf(this.home, name), () => this.launch(name, env));
    this.members.set(name, member);
    await member.start();
    return member;
  }

  /** Waits until the API is ready and as many nodes as there are say that they are active. */
  async ready(): Promise<void> {
    const nodes = this.options.driver === 'simulated' ? (this.options.nodes ?? 1) : 1;
    await until(
      'The API is ready or something has died',
      async () => this.theDead().length > 0 || (await this.anka.readiness()).status === 200,
      READY_LIMIT_MS,
    );
    if (this.theDead().length > 0) throw new Error(`${this.theDead().join(', ')} ended by itself`);
    const active = async (): Promise<boolean> =>
      (await this.anka.nodes()).filter(({ state }) => state === 'Active').length >= nodes;
    await until(`${nodes} nodes are active`, active, READY_LIMIT_MS);
  }

  /** As controllers do. Secret. */
  get natsUrl(): string {
    return this.natsUrls.natsUrl;
  }

  /** A plain NATS client, as one that may do everything if nothing else is said. Closed with the fleet. */
  async nats(url = this.natsUrl): Promise<NatsConnection> {
    this.connections.push(await natsClient(url));
    return this.connections.at(-1) as NatsConnection;
  }

  /** Hears every event from now on, as anybody may. */
  async tap(): Promise<EventTap> {
    return EventTap.on(await this.nats(this.natsUrls.openNatsUrl));
  }

  /** Where the process serves health and metrics. */
  healthUrl(name: 'scheduler' | 'stand-by' | 'node-agent'): string {
    return `http://127.0.0.1:${this.ports[name]}`;
  }

  /** The last words of our own processes. */
  logTails(lines = 8): string {
    return [...this.members.values()].map(({ name, logFile }) => `--- ${name}\n${tail(logFile, lines)}`).join('\n');
  }

  private theDead(): string[] {
    return [...this.members.values()].filter(({ isRunning }) => !isRunning).map(({ name }) => name);
  }

  /** Ends all that was started, guests included, and deletes the folder. */
  async close(): Promise<void> {
    for (const connection of this.connections) await connection.close().catch(() => undefined);
    const order: MemberName[] = ['api', 'second-api', 'node-agent', 'stand-by', 'scheduler', 'nats', 'postgres'];
    for (const name of order) await this.members.get(name)?.finish();
    await endGuestsBelow(this.home.dir);
    this.reaper.dismiss();
    removeHome(this.home.dir);
  }

  /** NATS and Postgres alone: without tables and without our own programs. */
  static async withServers(options: FleetOptions): Promise<Fleet> {
    const home = tempHome();
    const reaper = new Reaper(home.dir);
    const nats = natsMember(home, reaper);
    const postgres = postgresMember(home, reaper, options.ephemeralDatabase ?? false);
    await Promise.all([nats.member.start(), postgres.member.start()]);
    const names = ['api', 'second-api', 'scheduler', 'stand-by', 'node-agent'] as const;
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()] as const)));
    const listen = { host: '127.0.0.1', port: ports['api'] as number };
    const settings: LaunchSettings = {
      home: home.dir,
      listen,
      apiUrl: localUrl(listen),
      registryListen: { host: '127.0.0.1', port: await freePort() },
      registryIsDemanded: true,
      natsUrl: nats.urls().natsUrl,
      natsPort: 0,
      databaseUrl: postgres.url(),
      driver: options.driver,
      driverIsDemanded: true,
      demoTemplate: false,
      graceMs: 10_000,
      ignoredNames: [],
    };
    const servers = { nats: nats.member, postgres: postgres.member, reaper };
    return new Fleet(options, home, settings, nats.urls(), postgres.url(), ports as never, servers);
  }

  async migrate(): Promise<void> {
    const script = program('apps', 'api', 'src', 'projections', 'migrate.main.js');
    const order = { script, env: this.environment('api'), logFile: logFileOf(this.home, 'migrate') };
    await runToEnd(order, MIGRATE_LIMIT_MS);
  }

  private async launch(name: Exclude<MemberName, 'nats' | 'postgres'>, more: FleetOptions['env'] = {}): Promise<Begun> {
    const app = name === 'stand-by' ? 'scheduler' : name === 'second-api' ? 'api' : name;
    const script = program('apps', app, 'src', 'main.js');
    const env = { ...this.environment(app), ...this.listening(name), ...more };
    const args = [...heapArguments(app, totalmem()), ...(this.options.nodeArguments ?? []), script];
    const daemon = await startDaemon({ command: process.execPath, args, env, logFile: logFileOf(this.home, name) });
    this.reaper.watch(daemon.pid);
    return daemon;
  }

  private listening(name: MemberName): Record<string, string> {
    const at = (port: number): string => `127.0.0.1:${port}`;
    switch (name) {
      case 'second-api':
        return { MUSTER_LISTEN: at(this.ports['second-api']), MUSTER_REGISTRY_LISTEN: at(0) };
      case 'scheduler':
      case 'stand-by':
        return { MUSTER_SCHEDULER_LISTEN: at(this.ports[name]) };
      case 'node-agent':
        return { MUSTER_AGENT_LISTEN: at(this.ports[name]) };
      default:
        return {};
    }
  }

  private environment(app: AppName): Record<string, string> {
    const { nodes = 1, bootMs, driver, env } = this.options;
    const simulated = {
      MUSTER_SIMULATED_NODES: String(nodes),
      ...(bootMs !== undefined && { MUSTER_SIMULATED_BOOT: `${bootMs}ms` }),
    };
    const asked = { ...process.env, ...(driver === 'simulated' && simulated), ...env };
    const { natsUrls, databaseUrl } = this;
    const { blobDir, nodeDir } = this.home;
    const { registryListen } = this.settings;
    const nodeToken = env?.['MUSTER_NODE_TOKEN'] ?? 'token of the node agents';
    const around: Surroundings = { ...natsUrls, databaseUrl, blobDir, nodeDir, driver, registryListen, nodeToken };
    return environmentOf(app, asked, this.settings, around);
  }
}
