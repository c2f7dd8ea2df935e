import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { readSettings, type Environment } from '../../libs/events/src/settings/index.js';
import { endAllVms } from './controller-api.js';
import { lockFileOf, openHome } from './home.js';
import { lockHolder, takeLock } from './lock.js';
import { endOrphans } from './orphans.js';
import { Progress, type Say } from './progress.js';

/** Longer than all limits of an orderly stop together. */
const STOP_LIMIT_MS = 180_000;
const LOOK_AGAIN_MS = 50;

export interface StopOptions {
  readonly root: string;
  readonly env: Environment;
  /** End all VMs first. */
  readonly all: boolean;
  readonly say: Say;
}

async function untilGone(lockFile: string, pid: number): Promise<void> {
  for (const until = Date.now() + STOP_LIMIT_MS; Date.now() < until; await pause(LOOK_AGAIN_MS)) {
    if (lockHolder(lockFile)?.pid !== pid) return;
  }
  throw new Error(`The launcher (pid ${pid}) has not stopped after ${STOP_LIMIT_MS / 1000} s`);
}

/** Ends what a launcher left behind that was killed itself; gives how many processes that were. */
async function sweep(home: string, graceMs: number, say: Say): Promise<number> {
  if (!existsSync(home)) return 0;
  const releaseLock = takeLock(lockFileOf(home), 'no API: processes left behind are being ended');
  try {
    return await endOrphans(openHome(home), graceMs, say);
  } finally {
    releaseLock();
  }
}

/** Asks the running launcher of an installation to stop and waits until it has. Gives false when none runs. */
export async function stopMuster({ root, env, all, say }: StopOptions): Promise<boolean> {
  const { MUSTER_HOME: name, ANKA_GRACEFUL_SHUTDOWN_TIMEOUT: graceMs } = readSettings(env, [
    'MUSTER_HOME',
    'ANKA_GRACEFUL_SHUTDOWN_TIMEOUT',
  ]);
  const home = env['MUSTER_HOME'] ? resolve(name) : join(root, name);
  const lockFile = lockFileOf(home);
  const holder = lockHolder(lockFile);
  if (holder === undefined) {
    if (all) throw new Error(`Muster does not run on ${home}, and VMs can only be ended while it does: start it first`);
    const swept = await sweep(home, graceMs, say);
    if (swept === 0) say(`Muster does not run on ${home}`);
    return swept > 0;
  }
  const progress = new Progress(say);
  if (all) {
    const end = (): Promise<number> => endAllVms(holder.apiUrl, AbortSignal.timeout(STOP_LIMIT_MS));
    await progress.step('All VMs have ended', end, (count) => `All VMs have ended (${count})`);
  }
  process.kill(holder.pid, 'SIGTERM');
  await progress.step('Muster has stopped', () => untilGone(lockFile, holder.pid));
  return true;
}

/** The command `npm run stop`. */
export async function main(args: readonly string[]): Promise<void> {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  const strangers = args.filter((arg) => arg !== '--all');
  if (strangers.length > 0) throw new Error(`Unknown: ${strangers.join(' ')}. Usage: npm run stop [-- --all]`);
  await stopMuster({ root, env: process.env, all: args.includes('--all'), say: (line) => console.log(line) });
}
