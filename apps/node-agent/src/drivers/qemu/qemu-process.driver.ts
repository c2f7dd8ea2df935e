import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DriverError } from '../driver.js';
import { SERIAL_LOG } from './command-line.js';
import { LOG_TAIL_BYTES, MAX_LOG_BYTES } from './limits.js';
import { identify } from './process.driver.js';
import type { ProcessIdentity } from './vm-record.js';

/** QEMU's own messages, beside the VM's record. */
export const QEMU_LOG = 'qemu.log';

/**
 * Starts QEMU in a session of its own, so that it outlives us, with its messages in `logFile`. Resolves once the process exists.
 * Throws `TOOL_MISSING` when there is no such program.
 */
export async function spawnQemu(
  command: readonly string[],
  workDir: string,
  logFile: string,
): Promise<ProcessIdentity> {
  const log = openSync(logFile, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND, 0o600);
  try {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: workDir,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid ?? 0;
    // A process that has ended already is known by its pid alone; nothing else will ever match it.
    return identify(pid) ?? { pid, startTicks: -1, bootId: '' };
  } catch (cause) {
    throw new DriverError('TOOL_MISSING', `Cannot run ${command[0] ?? ''}: ${(cause as Error).message}`, false, {
      cause,
    });
  } finally {
    closeSync(log);
  }
}

/** The last part of a log file; '' when there is none. */
export function readTail(file: string, maxBytes = LOG_TAIL_BYTES): string {
  const log = openLog(file, constants.O_RDONLY);
  if (log === undefined) return '';
  try {
    return tailOf(log, maxBytes).toString('utf8');
  } finally {
    closeSync(log);
  }
}

/** Keeps the logs of one VM, QEMU's own words and the guest's serial port, within their limit. */
export function capVmLogs(dir: string, workDir: string): void {
  capLog(join(dir, QEMU_LOG));
  capLog(join(workDir, SERIAL_LOG));
}

/** Cuts the file to its last part when it has outgrown its limit. Its writer appends, so it goes on after the cut. */
export function capLog(file: string): void {
  const log = openLog(file, constants.O_RDWR);
  if (log === undefined) return;
  try {
    if (fstatSync(log).size <= MAX_LOG_BYTES) return;
    const tail = tailOf(log, LOG_TAIL_BYTES);
    ftruncateSync(log, 0);
    writeSync(log, tail, 0, tail.length, 0);
  } finally {
    closeSync(log);
  }
}

/** QEMU owns the directory of some logs: a link or a pipe there must not lead us elsewhere or make us wait. */
function openLog(file: string, mode: number): number | undefined {
  try {
    const log = openSync(file, mode | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (fstatSync(log).isFile()) return log;
    closeSync(log);
    return undefined;
  } catch {
    return undefined;
  }
}

function tailOf(log: number, maxBytes: number): Buffer {
  const { size } = fstatSync(log);
  const tail = Buffer.alloc(Math.min(size, maxBytes));
  const read = readSync(log, tail, 0, tail.length, size - tail.length);
  return tail.subarray(0, read);
}
