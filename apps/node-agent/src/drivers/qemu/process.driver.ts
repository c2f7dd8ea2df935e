import { readdirSync, readFileSync } from 'node:fs';
import { readFileIfPresent } from '../atomic-file.driver.js';
import type { ProcessIdentity } from './vm-record.js';

/** Fields of /proc/<pid>/stat after the program's name, counted from the state. */
const STATE = 0;
const START_TICKS = 19;

/** Who is running under this pid now; undefined when nobody is, or only the remains of somebody. */
export function identify(pid: number): ProcessIdentity | undefined {
  let stat: string | undefined;
  try {
    stat = readFileIfPresent(`/proc/${pid}/stat`);
  } catch {
    return undefined;
  }
  if (!stat) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[STATE] === 'Z' || fields[STATE] === 'X') return undefined;
  return { pid, startTicks: Number(fields[START_TICKS]), bootId: currentBootId() };
}

export function isAlive(wanted: ProcessIdentity): boolean {
  const found = identify(wanted.pid);
  return found !== undefined && found.startTicks === wanted.startTicks && found.bootId === wanted.bootId;
}

/** Kills the process unless its pid has passed to another one. */
export function killProcess(wanted: ProcessIdentity): void {
  if (!isAlive(wanted)) return;
  try {
    process.kill(wanted.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Processes whose arguments contain the text as one whole argument: finds a QEMU that a crash kept us from recording. */
export function findByArgument(argument: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(argument))
    .flatMap((name) => identify(Number(name)) ?? []);
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

let bootId: string | undefined;

function currentBootId(): string {
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return bootId;
}
