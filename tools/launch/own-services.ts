import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, readSettings } from '../../libs/events/src/settings/index.js';
import { knownNatsPasswords, urlAs } from '../services/nats-passwords.js';
import { databaseUrl } from '../services/postgres-cluster.js';
import { movedTo } from '../services/reachable-dir.js';

/** Where the services of this installation are, embedded or given: what a tool beside a running `npm start` needs. */
export interface OwnServices {
  /** Secret. */
  readonly MUSTER_NATS_URL: string;
  /** Secret. */
  readonly MUSTER_DATABASE_URL: string;
}

/** The NATS server of the installation that the environment speaks of; `root` is the folder of the clone. Secret. */
export function ownNatsUrl(env: Environment, root: string): string {
  const read = readSettings(env, ['MUSTER_NATS_URL', 'MUSTER_NATS_PORT']);
  if (read.MUSTER_NATS_URL !== undefined) return read.MUSTER_NATS_URL;
  const url = `nats://127.0.0.1:${read.MUSTER_NATS_PORT}`;
  const passwords = knownNatsPasswords(ownHome(env, root));
  return passwords === undefined ? url : urlAs(url, 'controller', passwords);
}

/** Folder of all data of that installation. */
export function ownHome(env: Environment, root: string): string {
  const { MUSTER_HOME: home } = readSettings(env, ['MUSTER_HOME']);
  return env['MUSTER_HOME'] ? resolve(home) : join(root, home);
}

/** NATS and database of that installation; `root` is the folder of the clone. Throws when it never had a database. */
export function ownServices(env: Environment, root: string): OwnServices {
  const read = readSettings(env, ['MUSTER_DATABASE_URL']);
  const home = ownHome(env, root);
  return { MUSTER_NATS_URL: ownNatsUrl(env, root), MUSTER_DATABASE_URL: read.MUSTER_DATABASE_URL ?? embeddedUrl(home) };
}

function embeddedUrl(home: string): string {
  const dir = join(movedTo(home) ?? home, 'postgres');
  try {
    const password = readFileSync(join(movedTo(dir) ?? dir, 'password'), 'utf8');
    return databaseUrl(password, Number(readFileSync(join(home, 'run', 'postgres.port'), 'utf8')));
  } catch (cause) {
    throw new Error(`Cannot find the database of ${home}: start it once, or set MUSTER_DATABASE_URL`, { cause });
  }
}
