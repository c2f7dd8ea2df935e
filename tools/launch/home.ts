import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unprivilegedAccount } from '../services/account.js';
import { makePassable, reachableDir } from '../services/reachable-dir.js';

/** The folders and files of one installation. */
export interface Home {
  readonly dir: string;
  readonly lockFile: string;
  readonly logDir: string;
  /** Records of running processes. */
  readonly runDir: string;
  readonly blobDir: string;
  readonly natsDir: string;
  readonly demoDir: string;
  /** Below `dir`, or elsewhere when other accounts cannot reach that; see `reachableDir`. */
  readonly postgresDir: string;
  readonly nodeDir: string;
}

/** Where the lock of an installation is: known before anything of it is made. */
export function lockFileOf(dir: string): string {
  return join(dir, 'launcher.lock');
}

/** Makes what is missing of an installation's folders. */
export function openHome(dir: string): Home {
  // Postgres and, in time, QEMU do not run as root: their files must be where other accounts get to.
  const place = reachableDir(dir, unprivilegedAccount());
  const home: Home = {
    dir,
    lockFile: lockFileOf(dir),
    logDir: join(dir, 'log'),
    runDir: join(dir, 'run'),
    blobDir: join(dir, 'blobs'),
    natsDir: join(dir, 'nats'),
    demoDir: join(dir, 'demo-template'),
    postgresDir: join(place, 'postgres'),
    nodeDir: join(place, 'node'),
  };
  for (const own of [home.logDir, home.runDir, home.blobDir, home.natsDir])
    mkdirSync(own, { recursive: true, mode: 0o700 });
  makePassable(home.nodeDir);
  return home;
}

/** The port that embedded Postgres had the last time; 0 when there is none yet. */
export function rememberedPostgresPort({ runDir }: Home): number {
  const file = join(runDir, 'postgres.port');
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

/** Remembers the port of embedded Postgres, so that its URL stays the same from start to start. */
export function rememberPostgresPort({ runDir }: Home, port: number): void {
  writeFileSync(join(runDir, 'postgres.port'), `${port}\n`);
}
