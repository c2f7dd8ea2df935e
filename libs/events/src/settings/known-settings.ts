import { SETTINGS } from './catalogue.js';
import { nearest } from './nearest.js';
import type { Environment } from './read-settings.js';
import type { Setting } from './setting.js';

const NAMES: readonly string[] = SETTINGS.flatMap((setting: Setting) => [setting.name, ...(setting.aliases ?? [])]);
const KNOWN: ReadonlySet<string> = new Set(NAMES);

/**
 * Throws when the environment has a MUSTER_* name that is not in the catalogue: a misspelt setting must not be ignored silently. Names
 * of Anka Build Cloud that have no meaning here are allowed; they are returned, sorted, for one line in the log.
 */
export function assertKnownSettings(env: Environment): readonly string[] {
  const strangers = Object.keys(env)
    .filter((name) => !KNOWN.has(name))
    .sort();
  const misspelt = strangers.filter((name) => name.startsWith('MUSTER_'));
  if (misspelt.length === 0) return strangers.filter((name) => name.startsWith('ANKA_'));
  const complaints = misspelt.map((name) => `there is no setting ${name}; the nearest is ${nearest(name, NAMES)}`);
  throw new Error(`Cannot start with this environment: ${complaints.join('; ')}`);
}
