import { join, resolve } from 'node:path';
import {
  assertKnownSettings,
  readSettings,
  type Environment,
  type ListenAddress,
} from '../../libs/events/src/settings/index.js';
import { freePort } from '../services/ports.js';

/** The hypervisors that a node started here can use. */
export type DriverName = 'qemu' | 'simulated';

/** What the environment asks of `npm start`. */
export interface LaunchSettings {
  /** Folder of all data, absolute. */
  readonly home: string;
  /** Where the API is to listen; never port 0. */
  readonly listen: ListenAddress;
  /** How processes on this machine reach the API, without a slash at the end. */
  readonly apiUrl: string;
  /** Where the registry's own routes are to be served; never port 0. Undefined: nowhere. */
  readonly registryListen: ListenAddress | undefined;
  /** True when the environment names that address, so that another one must not take its place. */
  readonly registryIsDemanded: boolean;
  /** A NATS server to use instead of an embedded one. */
  readonly natsUrl: string | undefined;
  /** Port of the embedded NATS server; 0 takes a free one. */
  readonly natsPort: number;
  /** A database to use instead of an embedded one. Secret. */
  readonly databaseUrl: string | undefined;
  readonly driver: DriverName;
  /** True when the environment names the driver, so that another one must not silently take its place. */
  readonly driverIsDemanded: boolean;
  readonly demoTemplate: boolean;
  /** How long an app may take to finish what it began. */
  readonly graceMs: number;
  /** Names of Anka Build Cloud in the environment that mean nothing here. */
  readonly ignoredNames: readonly string[];
}

const EVERY_INTERFACE: readonly string[] = ['0.0.0.0', '::', ''];

/** The URL by which a process on the same machine reaches what listens on this address. */
export function localUrl({ host, port }: ListenAddress, protocol: 'http' | 'https' = 'http'): string {
  const reachable = EVERY_INTERFACE.includes(host) ? '127.0.0.1' : host;
  return `${protocol}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Where the certificate of the API names another host than this machine reaches it by, the operator says by which name. */
function demanded(env: Environment, apiUrl: string): string | undefined {
  return env['MUSTER_API_URL'] ? apiUrl.replace(/\/+$/, '') : undefined;
}

/** The address itself, with a free port for port 0. */
async function withPort({ host, port }: ListenAddress): Promise<ListenAddress> {
  return { host, port: port === 0 ? await freePort() : port };
}

/** Reads and checks the environment; `root` is the folder of the clone. Throws one error naming every bad value. */
export async function readLaunchSettings(env: Environment, root: string): Promise<LaunchSettings> {
  const ignoredNames = assertKnownSettings(env);
  const read = readSettings(env, [
    'MUSTER_HOME',
    'MUSTER_LISTEN',
    'MUSTER_REGISTRY_LISTEN',
    'ANKA_RUN_REGISTRY',
    'MUSTER_NATS_URL',
    'MUSTER_NATS_PORT',
    'MUSTER_API_URL',
    'ANKA_USE_HTTPS',
    'MUSTER_DATABASE_URL',
    'MUSTER_DRIVER',
    'MUSTER_SIMULATED_NODES',
    'MUSTER_DEMO_TEMPLATE',
    'ANKA_GRACEFUL_SHUTDOWN_TIMEOUT',
  ]);
  if (read.MUSTER_DRIVER !== 'simulated' && read.MUSTER_SIMULATED_NODES > 1) {
    throw new Error(
      `MUSTER_SIMULATED_NODES is ${read.MUSTER_SIMULATED_NODES}, but the driver is ${read.MUSTER_DRIVER}: ` +
        'set MUSTER_DRIVER=simulated, too',
    );
  }
  const listen = await withPort(read.MUSTER_LISTEN);
  return {
    home: env['MUSTER_HOME'] ? resolve(read.MUSTER_HOME) : join(root, read.MUSTER_HOME),
    listen,
    apiUrl: demanded(env, read.MUSTER_API_URL) ?? localUrl(listen, read.ANKA_USE_HTTPS ? 'https' : 'http'),
    registryListen: read.ANKA_RUN_REGISTRY ? await withPort(read.MUSTER_REGISTRY_LISTEN) : undefined,
    registryIsDemanded: Boolean(env['MUSTER_REGISTRY_LISTEN'] || env['ANKA_REGISTRY_LISTEN_ADDRESS']),
    natsUrl: read.MUSTER_NATS_URL,
    natsPort: read.MUSTER_NATS_PORT,
    databaseUrl: read.MUSTER_DATABASE_URL,
    driver: read.MUSTER_DRIVER,
    driverIsDemanded: Boolean(env['MUSTER_DRIVER']),
    demoTemplate: read.MUSTER_DEMO_TEMPLATE,
    graceMs: read.ANKA_GRACEFUL_SHUTDOWN_TIMEOUT,
    ignoredNames,
  };
}
