import { execFileSync, spawnSync } from 'node:child_process';

/** A user of the operating system that a daemon runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Users without rights of their own, the fittest first. */
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'];

function lookUp(name: string): Account | undefined {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { name, uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account for a server that refuses to run as root; undefined when this process is not root and may run it itself. */
export function unprivilegedAccount(): Account | undefined {
  if (!runsAsRoot()) return undefined;
  for (const name of UNPRIVILEGED) {
    const account = lookUp(name);
    if (account !== undefined && account.uid > 0) return account;
  }
  throw new Error(`No unprivileged user to run Postgres as: none of ${UNPRIVILEGED.join(', ')} exists on this system`);
}

function asAccount(account: Account, ...condition: string[]): boolean {
  return spawnSync('test', condition, { uid: account.uid, gid: account.gid, cwd: '/' }).status === 0;
}

/** Asks the kernel whether the account may pass through this directory, all its parents included. */
export function mayEnter(account: Account, dir: string): boolean {
  return asAccount(account, '-d', dir, '-a', '-x', dir);
}

/** Asks the kernel whether the account may read this file. */
export function mayRead(account: Account, file: string): boolean {
  return asAccount(account, '-r', file);
}
