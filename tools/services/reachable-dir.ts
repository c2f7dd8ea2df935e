import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mayEnter, type Account } from './account.js';

/** Where data goes that another account must reach while its proper directory lies behind a closed door. */
export const SYSTEM_DIR = '/var/lib/muster';
/** The file in the proper directory that says where its data went instead. */
export const POINTER_FILE = 'moved-to';
const SHORT_HASH_CHARS = 12;
const EVERYONE_MAY_PASS = 0o011;

/** Makes a directory that others may pass through but not list, whatever the umask says. */
export function makePassable(dir: string): string {
  mkdirSync(dir, { recursive: true });
  const mode = statSync(dir).mode & 0o7777;
  if ((mode & EVERYONE_MAY_PASS) !== EVERYONE_MAY_PASS) chmodSync(dir, mode | EVERYONE_MAY_PASS);
  return dir;
}

/** The place that `dir` points at, when its data had to go elsewhere. */
export function movedTo(dir: string): string | undefined {
  const file = join(dir, POINTER_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function existingParent(dir: string): string {
  const parent = dirname(resolve(dir));
  return existsSync(parent) ? parent : existingParent(parent);
}

function newPlace(dir: string): string {
  const hash = createHash('sha256')
    .update(`${realpathSync(dir)}\n${randomUUID()}`)
    .digest('hex');
  makePassable(SYSTEM_DIR);
  const place = makePassable(join(SYSTEM_DIR, hash.slice(0, SHORT_HASH_CHARS)));
  writeFileSync(join(place, 'moved-from'), `${realpathSync(dir)}\n`);
  writeFileSync(join(dir, POINTER_FILE), `${place}\n`);
  return place;
}

/**
 * A directory below which `account` can reach its files, made if need be: `dir` itself, or, when a parent of it (a root
 * user's home, say) lets nobody else pass, one below /var/lib/muster that `dir/moved-to` names from then on. That one is
 * called after a hash of the path and of a random text, so that a directory made anew at the same path never finds the
 * data of its predecessor. Without an account (an ordinary user runs everything himself) it is always `dir`.
 */
export function reachableDir(dir: string, account: Account | undefined): string {
  const moved = movedTo(dir);
  if (moved !== undefined) return makePassable(moved);
  if (account === undefined) {
    mkdirSync(dir, { recursive: true });
    return dir;
  }
  if (mayEnter(account, existingParent(dir))) return makePassable(dir);
  mkdirSync(dir, { recursive: true });
  return newPlace(dir);
}

/** Deletes the place that `reachableDir` made elsewhere for `dir`, if it made one. */
export function removeMovedPlace(dir: string): void {
  const moved = movedTo(dir);
  if (moved === undefined || dirname(moved) !== SYSTEM_DIR) return;
  rmSync(moved, { recursive: true, force: true });
  rmSync(join(dir, POINTER_FILE), { force: true });
}
