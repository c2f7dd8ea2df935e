import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** How often a process that was asked to end is looked at again. */
const LOOK_AGAIN_MS = 25;
/** How long a killed process may take to disappear before that is called a fault. */
const KILL_LIMIT_MS = 5_000;

/** One signal and the time a process has to end after it. */
export interface StopStage {
  readonly signal: NodeJS.Signals;
  readonly withinMs: number;
}

function linuxStartToken(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name, in parentheses, may itself hold blanks and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${startTicks}`;
  } catch {
    return undefined;
  }
}

function psStartToken(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    if (line === '' || line.startsWith('Z')) return undefined;
    return line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

/**
 * Says when the process with this id was started, as an opaque text: two processes that had the same id, in this boot of
 * the machine or in another, differ in it. Undefined when there is no such process or it is only waiting to be reaped.
 */
export function startTokenOf(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxStartToken(pid) : psStartToken(pid);
}

/** The arguments of a running process, the command first; empty when there is none or it may not be read. */
export function argumentsOf(pid: number): readonly string[] {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .filter((word) => word !== '');
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

async function goneWithin(pid: number, token: string, withinMs: number): Promise<boolean> {
  for (const until = Date.now() + withinMs; ; await pause(LOOK_AGAIN_MS)) {
    if (startTokenOf(pid) !== token) return true;
    if (Date.now() >= until) return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

/**
 * Ends the process `pid`, if it is still the one that `token` names, with one signal after the other and at last SIGKILL.
 * Throws when it survives even that.
 */
export async function endProcess(pid: number, token: string, stages: readonly StopStage[]): Promise<void> {
  for (const { signal, withinMs } of [...stages, { signal: 'SIGKILL' as const, withinMs: KILL_LIMIT_MS }]) {
    if (startTokenOf(pid) !== token) return;
    send(pid, signal);
    if (await goneWithin(pid, token, withinMs)) return;
  }
  throw new Error(`Process ${pid} is still there ${KILL_LIMIT_MS} ms after SIGKILL`);
}
