import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { argumentsOf, endProcess, startTokenOf, type StopStage } from './processes.js';

/** The role that owns everything, and the database, of an embedded Postgres. */
export const ROLE = 'muster';
const PASSWORD_BYTES = 24;

/** Fast shutdown (clients are cut off, data are flushed), then the immediate one. */
export const STOP_POSTGRES: readonly StopStage[] = [
  { signal: 'SIGINT', withinMs: 30_000 },
  { signal: 'SIGQUIT', withinMs: 10_000 },
];

/** The URL of a database of an embedded Postgres. Secret. */
export function databaseUrl(password: string, port: number, database = ROLE): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
}

/** A database cluster on disk. */
export interface Cluster {
  readonly dataDir: string;
  readonly password: string;
}

function ownedBy(path: string, account: Account | undefined): string {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
  return path;
}

function initialise(binaries: PostgresBinaries, dataDir: string, passwordFile: string, account?: Account): void {
  const args = ['-D', dataDir, '-U', ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const run = spawnSync(binaries.initdb, [...args, '-E', 'UTF8', '--locale=C', '--no-instructions'], {
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    encoding: 'utf8',
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  if (run.status === 0) return;
  throw new Error(`Cannot make a database in ${dataDir}: initdb failed: ${run.error?.message ?? run.stderr.trim()}`);
}

/** The cluster below `dir`, made with a fresh password if there is none yet. An unfinished one is thrown away. */
export function provideCluster(binaries: PostgresBinaries, dir: string, account: Account | undefined): Cluster {
  const dataDir = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    const unfinished = join(dir, 'data.unfinished');
    for (const path of [unfinished, passwordFile]) rmSync(path, { recursive: true, force: true });
    writeFileSync(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 });
    mkdirSync(unfinished, { mode: 0o700 });
    initialise(binaries, ownedBy(unfinished, account), ownedBy(passwordFile, account), account);
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(unfinished, dataDir);
  }
  return { dataDir, password: readFileSync(passwordFile, 'utf8') };
}

/** The process id in Postgres's own lock file, whether or not that process lives. */
function lockedBy(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Ends the server that a crashed process left behind on this data directory, and removes the lock of one that is gone:
 * Postgres itself is fooled by a zombie or by another process that got the same id. Gives the id of the ended one.
 */
export async function endOrphanedPostgres(dataDir: string): Promise<number | undefined> {
  const pid = lockedBy(dataDir);
  if (pid === undefined) return undefined;
  const token = startTokenOf(pid);
  const isOurs = token !== undefined && argumentsOf(pid).includes(dataDir);
  if (isOurs) await endProcess(pid, token, STOP_POSTGRES);
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  return isOurs ? pid : undefined;
}
