import type { Environment } from './read-settings.js';
import { nearestSetting, settingNamed, variableOf } from './setting-names.js';

/**
 * Flags as environment variables: `--listen-addr :80`, `--listen-addr=:80`, and `--enable-auth` for true. Throws for what is no flag of
 * ours, and for a secret: everybody on the machine can read a command line.
 */
export function readFlags(words: readonly string[]): Environment {
  const found: Record<string, string> = {};
  for (let place = 0; place < words.length; place++) {
    const word = words[place] ?? '';
    const match = /^--([a-z][a-z0-9_-]*)(?:=(.*))?$/su.exec(word);
    if (match === null) throw new Error(`Cannot read the command line: ${JSON.stringify(word)} is no flag`);
    const name = nameOf(match[1] ?? '');
    const next = words[place + 1];
    const takesNext = match[2] === undefined && next !== undefined && !next.startsWith('--');
    found[name] = match[2] ?? (takesNext ? next : 'true');
    if (takesNext) place += 1;
  }
  return found;
}

function nameOf(flag: string): string {
  const name = variableOf(flag);
  if (name === undefined) {
    const near = nearestSetting(`ANKA_${flag.replaceAll('-', '_').toUpperCase()}`);
    throw new Error(`There is no setting for --${flag}; the nearest is ${near}`);
  }
  if (settingNamed(name)?.kind === 'secret')
    throw new Error(
      `--${flag} is a secret, and command lines can be read by all: set ${name}, or a file with ANKA_CONFIG`,
    );
  return name;
}
