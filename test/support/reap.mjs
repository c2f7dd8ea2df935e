/** See reaper.ts. Input: process ids, one a line, and `done` at a proper end. Argument: the folder of the installation. */
import { readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Killed processes may write their last a moment later. */
const UNTIL_GONE_MS = 500;

const dir = process.argv[2];
/** When each process was started, so that a later one with the same id is left alone. */
const watched = new Map();
let done = false;

function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Guests outlive the agent that started them; they work in folders below that of the installation. */
function guests() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksBelow(pid) && commandOf(pid).includes('qemu-system'));
}

function worksBelow(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${dir}/`);
  } catch {
    return false;
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'done') done = true;
  else watched.set(Number(line), startOf(line));
}
if (!done) {
  for (const [pid, start] of watched) if (start !== undefined && startOf(pid) === start) kill(pid);
  for (const pid of guests()) kill(pid);
  await new Promise((resolve) => setTimeout(resolve, UNTIL_GONE_MS));
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
