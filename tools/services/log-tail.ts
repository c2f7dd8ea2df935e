import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How much of the end of a log file goes into an error message. */
const TAIL_BYTES = 1_500;

/** The last lines of a log file, for an error message; says so when there are none. */
export function logTail(file: string): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const length = Math.min(fstatSync(fd).size, TAIL_BYTES);
      const buffer = Buffer.alloc(length);
      readSync(fd, buffer, 0, length, fstatSync(fd).size - length);
      return length === 0 ? '(its log is empty)' : buffer.toString('utf8').trimEnd();
    } finally {
      closeSync(fd);
    }
  } catch {
    return '(it left no log)';
  }
}
