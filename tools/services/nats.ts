import { chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { natsUsersText } from '../../libs/events/src/nats-users.js';
import { describeExit, startDaemon, type Daemon, type Exit } from './daemon.js';
import { logTail } from './log-tail.js';
import { provideNatsServer } from './nats-binary.js';
import { ANONYMOUS, type NatsPasswords, natsUsers } from './nats-passwords.js';
import { assertPortFree } from './ports.js';
import { findOrphan, forgetProcess, recordProcess } from './process-record.js';
import { endProcess, type StopStage } from './processes.js';

/** A big stream is read through before the server listens. */
const START_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 10;
/** SIGINT, because some versions report failure after SIGTERM. */
const STOP: readonly StopStage[] = [{ signal: 'SIGINT', withinMs: 15_000 }];
/** The variable that a message about a busy port names. */
const PORT_VARIABLE = 'MUSTER_NATS_PORT';

export interface EmbeddedNatsOptions {
  /** Directory of this server alone: configuration, JetStream store, record of the process. Made if need be. */
  readonly dir: string;
  /** TCP port on the loopback address; 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the server's output goes; `nats.log` in the directory when not given. */
  readonly logFile?: string;
  /** Passwords of its users; whoever has none of them may only read. Without passwords everybody may do everything. */
  readonly passwords?: NatsPasswords;
}

/** A nats-server with JetStream that this process started. */
export interface EmbeddedNats {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server has ended, asked or not. */
  readonly exited: Promise<Exit>;
  /** Ends the server; its data stay. */
  stop(): Promise<void>;
}

function configuration(dir: string, port: number, passwords: NatsPasswords | undefined): string {
  // -1 is the server's own word for "a free one".
  return [
    'server_name: muster',
    `listen: "127.0.0.1:${port === 0 ? -1 : port}"`,
    `ports_file_dir: ${JSON.stringify(join(dir, 'ports'))}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(dir, 'store'))}`,
    '}',
    passwords === undefined ? '' : natsUsersText(natsUsers(passwords), ANONYMOUS),
  ].join('\n');
}

function listeningPort(dir: string): number | undefined {
  for (const name of readdirSync(join(dir, 'ports'))) {
    try {
      const ports = JSON.parse(readFileSync(join(dir, 'ports', name), 'utf8')) as { nats?: string[] };
      const port = Number(new URL(ports.nats?.[0] ?? '').port);
      if (port > 0) return port;
    } catch {
      // half written: the next look finds it whole
    }
  }
  return undefined;
}

async function waitUntilListening(dir: string, daemon: Daemon, logFile: string): Promise<number> {
  for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; await pause(LOOK_AGAIN_MS)) {
    const exit = daemon.ended();
    if (exit) throw new Error(`nats-server ${describeExit(exit)} while starting. Its log ends:\n${logTail(logFile)}`);
    const port = listeningPort(dir);
    if (port !== undefined) return port;
  }
  await daemon.end(STOP);
  throw new Error(`nats-server does not listen after ${START_LIMIT_MS} ms. Its log ends:\n${logTail(logFile)}`);
}

/** Where the process of this directory's server is written down. */
function recordFile(dir: string): string {
  return join(dir, 'process.json');
}

/** Ends the server that a crashed process left behind on this directory; its process id if there was one. */
export async function endOrphanedNats(dir: string): Promise<number | undefined> {
  const orphan = findOrphan(recordFile(dir));
  if (orphan !== undefined) await endProcess(orphan.pid, orphan.started, STOP);
  forgetProcess(recordFile(dir));
  return orphan?.pid;
}

/**
 * Starts a nats-server with JetStream on the loopback address, installing it if it is missing, after ending one that a
 * crash left behind on the same directory (two servers on one store would both write to it). Throws when the port is
 * taken or the server does not come up.
 */
export async function startEmbeddedNats(options: EmbeddedNatsOptions): Promise<EmbeddedNats> {
  const { port: wanted = 0 } = options;
  const command = await provideNatsServer();
  mkdirSync(options.dir, { recursive: true });
  const dir = realpathSync(options.dir); // one spelling, by which an orphan is recognised
  const logFile = options.logFile ?? join(dir, 'nats.log');
  await endOrphanedNats(dir);
  if (wanted !== 0) await assertPortFree(wanted, PORT_VARIABLE);
  rmSync(join(dir, 'ports'), { recursive: true, force: true });
  mkdirSync(join(dir, 'ports'));
  const config = join(dir, 'nats.conf');
  writeFileSync(config, configuration(dir, wanted, options.passwords), { mode: 0o600 });
  chmodSync(config, 0o600); // it may be there from before it held passwords
  const daemon = await startDaemon({ command, args: ['-c', config], env: { PATH: process.env['PATH'] }, logFile });
  recordProcess(recordFile(dir), daemon.pid, config);
  const port = await waitUntilListening(dir, daemon, logFile);
  const stop = async (): Promise<void> => {
    await daemon.end(STOP);
    forgetProcess(recordFile(dir));
  };
  return { url: `nats://127.0.0.1:${port}`, port, pid: daemon.pid, exited: daemon.exited, stop };
}
