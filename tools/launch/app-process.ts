import { describeExit, startDaemon } from '../services/daemon.js';
import { logTail } from '../services/log-tail.js';
import { findOrphan, forgetProcess, recordProcess } from '../services/process-record.js';
import { endProcess, type StopStage } from '../services/processes.js';
import type { Running } from './supervised.js';

/** On top of the time that an app has to finish what it began: for Node itself to end. */
const EXIT_MARGIN_MS = 5_000;

/** One of Muster's own programs as a child process. */
export interface AppOrder {
  /** Path of the compiled main file. */
  readonly script: string;
  /** Arguments for Node itself. */
  readonly nodeArguments?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Where the running process is written down. */
  readonly recordFile: string;
  /** How long it may take to finish what it began. */
  readonly graceMs: number;
}

function stages(graceMs: number): readonly StopStage[] {
  return [{ signal: 'SIGTERM', withinMs: graceMs + EXIT_MARGIN_MS }];
}

/** Starts the app. Its stop asks it to drain and kills it only after its time is up. */
export async function startApp(order: AppOrder): Promise<Running> {
  const { script, nodeArguments = [], env, logFile, recordFile, graceMs } = order;
  const args = [...nodeArguments, script];
  const daemon = await startDaemon({ command: process.execPath, args, env, logFile });
  recordProcess(recordFile, daemon.pid, script);
  const stop = async (): Promise<void> => {
    await daemon.end(stages(graceMs));
    forgetProcess(recordFile);
  };
  return { pid: daemon.pid, exited: daemon.exited, stop };
}

/** Ends the app that a crashed launcher left behind; its process id if there was one. */
export async function endOrphanedApp(recordFile: string, graceMs: number): Promise<number | undefined> {
  const orphan = findOrphan(recordFile);
  if (orphan !== undefined) await endProcess(orphan.pid, orphan.started, stages(graceMs));
  forgetProcess(recordFile);
  return orphan?.pid;
}

/** Runs a program that ends by itself. Throws, with the end of its log, when it fails or takes longer than `withinMs`. */
export async function runToEnd(order: Omit<AppOrder, 'recordFile' | 'graceMs'>, withinMs: number): Promise<void> {
  const { script, env, logFile } = order;
  const daemon = await startDaemon({ command: process.execPath, args: [script], env, logFile });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), withinMs)));
  const exit = await Promise.race([daemon.exited, late]);
  clearTimeout(timer);
  if (exit?.code === 0) return;
  if (exit === undefined) await daemon.end([]);
  const what = exit === undefined ? `was not done after ${withinMs} ms` : describeExit(exit);
  throw new Error(`${script} ${what}. Its log ends:\n${logTail(logFile)}`);
}
