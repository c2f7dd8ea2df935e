import { readdirSync, readlinkSync } from 'node:fs';
import { argumentsOf, endProcess, startTokenOf } from '../../tools/services/processes.js';

function hypervisors(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => argumentsOf(pid).some((word) => word.includes('qemu-system')));
}

function workDirOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** Process ids of the running hypervisors one of whose arguments holds the text, such as a VM's id. */
export function guestsNaming(text: string): number[] {
  return hypervisors().filter((pid) => argumentsOf(pid).some((word) => word.includes(text)));
}

/** Ends the hypervisors that work below the folder. */
export async function endGuestsBelow(dir: string): Promise<void> {
  for (const pid of hypervisors().filter((one) => workDirOf(one).startsWith(`${dir}/`))) {
    const token = startTokenOf(pid);
    if (token !== undefined) await endProcess(pid, token, []);
  }
}
