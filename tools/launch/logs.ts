import { closeSync, copyFileSync, openSync, renameSync, statSync, truncateSync } from 'node:fs';

/** Size at which a log that is being written is cut. */
export const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
/** How many older pieces are kept: `.1` is the newest. */
export const KEPT_LOGS = 3;
/** How often the sizes are looked at. */
const LOOK_MS = 5_000;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function shiftOlder(file: string): void {
  for (let age = KEPT_LOGS - 1; age >= 1; age--) {
    if (sizeOf(`${file}.${age}`) > 0) renameSync(`${file}.${age}`, `${file}.${age + 1}`);
  }
}

/** Begins a log anew; what it held becomes `.1`. For a log that nobody writes. */
export function rotateLog(file: string): void {
  if (sizeOf(file) > 0) {
    shiftOlder(file);
    renameSync(file, `${file}.1`);
  }
  closeSync(openSync(file, 'a', 0o640));
}

/**
 * Cuts a log that has grown too long while a process appends to it: its content is copied to `.1` and it is emptied, which
 * an appending writer does not notice. Lines written between the copy and the cut are lost.
 */
export function cutLog(file: string, limitBytes = LOG_LIMIT_BYTES): boolean {
  if (sizeOf(file) <= limitBytes) return false;
  shiftOlder(file);
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  return true;
}

/** Keeps these logs bounded until the returned function is called. */
export function boundLogs(files: readonly string[]): () => void {
  const timer = setInterval(() => files.forEach((file) => cutLog(file)), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
