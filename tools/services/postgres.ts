import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { unprivilegedAccount, type Account } from './account.js';
import { describeExit, startDaemon, type Daemon, type Exit } from './daemon.js';
import { logTail } from './log-tail.js';
import { describeHolder, freePort, portIsFree } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import {
  databaseUrl,
  endOrphanedPostgres,
  provideCluster,
  ROLE,
  STOP_POSTGRES,
  type Cluster,
} from './postgres-cluster.js';
import { reachableDir, removeMovedPlace } from './reachable-dir.js';

/** Crash recovery of a big database included. */
const START_LIMIT_MS = 120_000;
const CONNECT_LIMIT_MS = 5_000;
const LOOK_AGAIN_MS = 25;
/** How often a port that somebody else took between choosing and listening is replaced by another. */
const PORT_ATTEMPTS = 3;
const CANNOT_CONNECT_NOW = '57P03';
const DUPLICATE_DATABASE = '42P04';

export interface EmbeddedPostgresOptions {
  /** Directory of this server alone: data, password, log. Made if need be; see `reachableDir` for where it is really. */
  readonly dir: string;
  /** TCP port on the loopback address; 0, the default, takes a free one. A taken one is replaced by a free one. */
  readonly port?: number;
  /** Fail instead of taking another port when that one is taken. */
  readonly keepPort?: boolean;
  /** Where the server's output goes; `postgres.log` in the directory when not given. */
  readonly logFile?: string;
  /** For tests: never waits for the disk, and `stop` deletes the data. */
  readonly ephemeral?: boolean;
}

/** A Postgres server that this process started. */
export interface EmbeddedPostgres {
  /** Connection URL of the database, with the password: never log it, never put it on a command line. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** Settles when the server has ended, asked or not. */
  readonly exited: Promise<Exit>;
  /** Ends the server; its data stay unless it is ephemeral. */
  stop(): Promise<void>;
}

function serverArguments({ dataDir }: Cluster, port: number, ephemeral: boolean): string[] {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
  if (ephemeral) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}

function isNotYetThere(cause: unknown): boolean {
  const { code } = cause as { code?: string };
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === CANNOT_CONNECT_NOW;
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const connectionString = databaseUrl(cluster.password, port, 'postgres');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined); // a cut connection is told by the query that it cuts off
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${ROLE}`);
  } catch (cause) {
    if ((cause as { code?: string }).code !== DUPLICATE_DATABASE) throw cause;
  } finally {
    await client.end();
  }
}

async function waitUntilReady(daemon: Daemon, cluster: Cluster, port: number, logFile: string): Promise<void> {
  for (const until = Date.now() + START_LIMIT_MS; ; await pause(LOOK_AGAIN_MS)) {
    const exit = daemon.ended();
    if (exit) throw new Error(`Postgres ${describeExit(exit)} while starting. Its log ends:\n${logTail(logFile)}`);
    try {
      return await createDatabase(cluster, port);
    } catch (cause) {
      if (isNotYetThere(cause) && Date.now() < until) continue;
      await daemon.end(STOP_POSTGRES);
      throw new Error(`Postgres does not serve on port ${port}. Its log ends:\n${logTail(logFile)}`, { cause });
    }
  }
}

async function portFor(wanted: number, keep: boolean): Promise<number> {
  if (wanted === 0) return freePort();
  if (await portIsFree(wanted)) return wanted;
  if (keep) throw new Error(`Port ${wanted} of Postgres was taken meanwhile by ${describeHolder(wanted)}`);
  return freePort();
}

interface Start {
  readonly command: string;
  readonly cluster: Cluster;
  readonly account: Account | undefined;
  readonly logFile: string;
  readonly ephemeral: boolean;
  readonly keepPort: boolean;
}

async function startOn(start: Start, wanted: number): Promise<{ daemon: Daemon; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await portFor(wanted, start.keepPort);
    const args = serverArguments(start.cluster, port, start.ephemeral);
    const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
    const daemon = await startDaemon({ ...start, args, env });
    try {
      await waitUntilReady(daemon, start.cluster, port, start.logFile);
      return { daemon, port };
    } catch (cause) {
      if (attempt === PORT_ATTEMPTS || (await portIsFree(port))) throw cause;
    }
  }
}

/**
 * Starts Postgres on the loopback address, as an unprivileged user if this process is root, after ending one that a crash
 * left behind on the same data. The role, its password and the database are made at the first start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dir, port: wanted = 0, keepPort = false, ephemeral = false } = options;
  const account = unprivilegedAccount();
  const binaries = postgresBinaries(account);
  const place = realpathSync(reachableDir(dir, account)); // one spelling, by which an orphan is recognised
  await endOrphanedPostgres(join(place, 'data'));
  const cluster = provideCluster(binaries, place, account);
  const logFile = options.logFile ?? join(dir, 'postgres.log');
  const start = { command: binaries.postgres, cluster, account, logFile, ephemeral, keepPort };
  const { daemon, port } = await startOn(start, wanted);
  const stop = async (): Promise<void> => {
    await daemon.end(STOP_POSTGRES);
    if (!ephemeral) return;
    rmSync(cluster.dataDir, { recursive: true, force: true });
    removeMovedPlace(dir);
  };
  const url = databaseUrl(cluster.password, port);
  return { url, port, pid: daemon.pid, dataDir: cluster.dataDir, exited: daemon.exited, stop };
}
