import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startTokenOf } from '../services/processes.js';

/** Tries to take over a stale lock before another launcher that does the same is given the way. */
const ATTEMPTS = 3;

/** Who holds the lock of an installation. */
export interface LockHolder {
  readonly pid: number;
  /** See `startTokenOf`. */
  readonly started: string;
  /** Where its API is. */
  readonly apiUrl: string;
}

function parse(text: string): LockHolder | undefined {
  try {
    const { pid, started, apiUrl } = JSON.parse(text) as Partial<LockHolder>;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof apiUrl !== 'string') return undefined;
    return { pid, started, apiUrl };
  } catch {
    return undefined;
  }
}

/** The launcher that runs on this installation now; undefined when there is none, or only the lock of one that is gone. */
export function lockHolder(file: string): LockHolder | undefined {
  try {
    const holder = parse(readFileSync(file, 'utf8'));
    return holder !== undefined && startTokenOf(holder.pid) === holder.started ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Throws when another launcher runs on this installation. */
export function assertUnlocked(file: string): void {
  const holder = lockHolder(file);
  if (holder === undefined) return;
  throw new Error(
    `Muster runs already on ${dirname(file)} (pid ${holder.pid}, ${holder.apiUrl}). Stop it with \`npm run stop\`, or ` +
      'give this one a folder of its own with MUSTER_HOME.',
  );
}

/** Sets a stale lock aside; leaves alone one that became somebody's in the meantime. */
function breakStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another launcher was quicker
  }
  const holder = parse(readFileSync(aside, 'utf8'));
  if (holder !== undefined && startTokenOf(holder.pid) === holder.started) linkSync(aside, file);
  rmSync(aside, { force: true });
}

/**
 * Takes the lock of an installation for this process and gives the function that returns it. The lock of a process that
 * is gone (or whose id another process has now) is taken over. Throws when a running launcher holds it.
 */
export function takeLock(file: string, apiUrl: string): () => void {
  const started = startTokenOf(process.pid);
  if (started === undefined) throw new Error(`Cannot find out when this process (pid ${process.pid}) was started`);
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${JSON.stringify({ pid: process.pid, started, apiUrl } satisfies LockHolder)}\n`);
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        linkSync(own, file); // whole from the first moment, unlike a file that is created and then written
        return () => rmSync(file, { force: true });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      }
      assertUnlocked(file);
      breakStale(file);
    }
    throw new Error(`Cannot take the lock ${file}: other launchers are after it at this moment`);
  } finally {
    rmSync(own, { force: true });
  }
}
