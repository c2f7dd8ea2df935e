import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsUser } from '../../libs/events/src/nats-users.js';

const PASSWORD_BYTES = 24;
const NAMES = ['controller', 'agent', 'reader', 'commander'] as const;
export type NatsUserName = (typeof NAMES)[number];
export type NatsPasswords = Readonly<Record<NatsUserName, string>>;

/** Whoever connects without credentials, as only processes of the same machine can, may read and nothing else. */
export const ANONYMOUS: NatsUserName = 'reader';
/** Where the commander hears outcomes. */
export const COMMANDER_INBOX = '_INBOX_commander';

const fileIn = (dir: string): string => join(dir, 'nats.passwords');

/** The passwords of this installation's NATS users, readable by its owner only: made once, also for one that had none before. */
export function natsPasswordsIn(dir: string): NatsPasswords {
  const made = Object.fromEntries(NAMES.map((name) => [name, randomBytes(PASSWORD_BYTES).toString('base64url')]));
  try {
    // Fails when it is there: whoever was first has made them.
    writeFileSync(fileIn(dir), `${JSON.stringify(made)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return JSON.parse(readFileSync(fileIn(dir), 'utf8')) as NatsPasswords;
}

/** The same, if there are any yet. */
export function knownNatsPasswords(dir: string): NatsPasswords | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(dir), 'utf8')) as NatsPasswords;
  } catch {
    return undefined;
  }
}

/** The users of the launcher's own server. */
export function natsUsers(passwords: NatsPasswords): readonly NatsUser[] {
  return [
    { user: 'controller', password: passwords.controller, is: { role: 'controller' } },
    { user: 'agent', password: passwords.agent, is: { role: 'agent' } },
    { user: 'reader', password: passwords.reader, is: { role: 'reader' } },
    { user: 'commander', password: passwords.commander, is: { role: 'commander', inbox: COMMANDER_INBOX } },
  ];
}

/** `url` as this user. Secret. */
export function urlAs(url: string, user: NatsUserName, passwords: NatsPasswords): string {
  return url.replace('://', `://${user}:${encodeURIComponent(passwords[user])}@`);
}
