import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { argumentsOf, startTokenOf } from './processes.js';

/** What is written down about a process that outlives its parent when that one crashes. */
export interface ProcessRecord {
  readonly pid: number;
  /** See `startTokenOf`. */
  readonly started: string;
  /** An argument by which the process is recognised, such as the path of its configuration. */
  readonly argument: string;
}

/** Writes down a process that was just started, so that a later run can find it again. */
export function recordProcess(file: string, pid: number, argument: string): void {
  const started = startTokenOf(pid);
  if (started === undefined) return;
  const record: ProcessRecord = { pid, started, argument };
  writeFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Forgets the recorded process. */
export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

function parseRecord(text: string): ProcessRecord | undefined {
  try {
    const { pid, started, argument } = JSON.parse(text) as Partial<ProcessRecord>;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof argument !== 'string') return undefined;
    return Number.isSafeInteger(pid) && pid > 1 ? { pid, started, argument } : undefined;
  } catch {
    return undefined;
  }
}

/** The record in `file`, whether or not its process still runs; undefined when there is none that can be read. */
export function readRecord(file: string): ProcessRecord | undefined {
  try {
    return parseRecord(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The recorded process if that very one still runs: same id, same start, and the recorded argument among its own. */
export function findOrphan(file: string): ProcessRecord | undefined {
  const record = readRecord(file);
  if (record === undefined || startTokenOf(record.pid) !== record.started) return undefined;
  return argumentsOf(record.pid).includes(record.argument) ? record : undefined;
}
