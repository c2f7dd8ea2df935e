import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Account } from './account.js';
import { endProcess, startTokenOf, type StopStage } from './processes.js';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child process of its own process group, which a Ctrl-C in the terminal therefore does not reach. */
export interface Daemon {
  readonly pid: number;
  /** Settles, never rejects, when the process has ended. */
  readonly exited: Promise<Exit>;
  /** How it ended; undefined while it runs. */
  ended(): Exit | undefined;
  /** Ends it, one signal after the other, and waits until it is gone. */
  end(stages: readonly StopStage[]): Promise<void>;
}

export interface DaemonOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and error are appended here: a file, not a pipe, so that it can outlive this process. */
  readonly logFile: string;
  readonly account?: Account | undefined;
  readonly cwd?: string;
}

/** Starts a process; rejects when the command cannot be run at all. */
export async function startDaemon(order: DaemonOrder): Promise<Daemon> {
  const log = openSync(order.logFile, 'a', 0o640);
  const child = spawn(order.command, order.args, {
    cwd: order.cwd ?? '/',
    env: order.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...(order.account && { uid: order.account.uid, gid: order.account.gid }),
  });
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve((exit = { code, signal })));
  });
  try {
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } catch (cause) {
    throw new Error(`Cannot run ${order.command}: ${(cause as Error).message}`, { cause });
  } finally {
    closeSync(log);
  }
  const pid = child.pid as number;
  const token = startTokenOf(pid);
  const end = async (stages: readonly StopStage[]): Promise<void> => {
    if (exit === undefined && token !== undefined) await endProcess(pid, token, stages);
    await exited;
  };
  return { pid, exited, ended: () => exit, end };
}

/** How a process ended, in words for a message. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
