import { createConnection, createServer, type AddressInfo, type Server } from 'node:net';
import { readFileIfPresent } from '../atomic-file.driver.js';
import type { Clock } from '../clock.js';
import { deadline } from '../deadline.js';
import { DriverError } from '../driver.js';
import { fenceRules, nameServers } from './fence-rules.js';
import type { UidRange } from './options.js';
import { privilegePrefix } from './privileges.driver.js';
import { runTool } from './run-tool.driver.js';

const LOOPBACK = '127.0.0.1';
const TRIAL_DEADLINE_MS = 10_000;
const CONNECT_RETRY_MS = 50;

/** The packet filter rules that keep the guests of one node off the host's loopback. */
export class NftFence {
  constructor(
    private readonly nft: string,
    private readonly table: string,
    private readonly uids: UidRange,
  ) {}

  /** Puts the rules up, or up again. Throws `TOOL_FAILED` when the host refuses them. */
  async raise(): Promise<void> {
    const resolvers = nameServers(readFileIfPresent('/etc/resolv.conf') ?? '');
    const { code, stderr } = await runTool([this.nft, '-f', '-'], {
      stdin: fenceRules(this.table, this.uids, resolvers),
    });
    if (code !== 0)
      throw new DriverError(
        'TOOL_FAILED',
        `nft refused the fence around the guests: ${stderr.trim().slice(0, 300)}`,
        true,
      );
  }

  async remove(): Promise<void> {
    await runTool([this.nft, 'delete', 'table', 'inet', this.table]);
  }
}

export interface FenceTrial {
  qemu: string;
  setpriv: string;
  uid: number;
  clock: Clock;
}

/**
 * Whether a raised fence works on this host, by really trying with QEMU under a fenced user id: a connection it begins to our
 * listener on the loopback must be refused, one that we begin to its listener must be answered.
 */
export async function fenceHolds(trial: FenceTrial): Promise<boolean> {
  return (await outgoingIsRefused(trial)) && (await incomingIsAnswered(trial));
}

function trialCommand(trial: FenceTrial, options: string[]): string[] {
  const qemu = [trial.qemu, '-M', 'none', '-nodefaults', '-no-user-config', '-display', 'none', ...options];
  return [...privilegePrefix(trial.setpriv, trial.uid, 'tcg'), ...qemu];
}

async function outgoingIsRefused(trial: FenceTrial): Promise<boolean> {
  let reached = false;
  const server = createServer((socket) => {
    reached = true;
    socket.destroy();
  });
  const port = await listen(server);
  const limit = deadline(trial.clock, TRIAL_DEADLINE_MS);
  try {
    const options = ['-chardev', `socket,id=out,host=${LOOPBACK},port=${port}`, '-monitor', 'stdio'];
    const { stderr } = await runTool(trialCommand(trial, options), { stdin: 'quit\n', signal: limit.signal, cwd: '/' });
    return !reached && stderr.includes('Failed to connect');
  } finally {
    limit.stop();
    server.close();
  }
}

async function incomingIsAnswered(trial: FenceTrial): Promise<boolean> {
  const placeholder = createServer();
  const port = await listen(placeholder);
  await new Promise<void>((resolve) => placeholder.close(() => resolve()));
  const limit = deadline(trial.clock, TRIAL_DEADLINE_MS);
  const options = ['-qmp', `tcp:${LOOPBACK}:${port},server=on,wait=off`];
  const running = runTool(trialCommand(trial, options), { signal: limit.signal, cwd: '/' });
  let ended = false;
  void running.finally(() => (ended = true)).catch(() => undefined);
  try {
    while (!ended) {
      if ((await firstWords(port)).includes('QMP')) return true;
      await trial.clock.sleep(CONNECT_RETRY_MS);
    }
    return false;
  } finally {
    limit.stop();
    await running.catch(() => undefined);
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

/** What the listener says at once; '' when there is none. */
function firstWords(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, LOOPBACK);
    const finish = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.once('data', (chunk: Buffer) => finish(chunk.toString('latin1')));
    socket.once('error', () => finish(''));
    socket.once('close', () => finish(''));
  });
}
