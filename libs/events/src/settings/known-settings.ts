import { whyIgnored } from './anka-ignored.js';
import type { Environment } from './read-settings.js';
import { nearestSetting, settingNamed } from './setting-names.js';

/**
 * Throws when the environment has a MUSTER_* name that is not in the catalogue: a misspelt setting must not be ignored silently. Names
 * of Anka Build Cloud that have no meaning here are allowed; they are returned, sorted, for one line in the log.
 */
export function assertKnownSettings(env: Environment): readonly string[] {
  const strangers = Object.keys(env)
    .filter((name) => settingNamed(name) === undefined)
    .sort();
  const misspelt = strangers.filter((name) => name.startsWith('MUSTER_'));
  if (misspelt.length === 0) return strangers.filter((name) => name.startsWith('ANKA_'));
  const complaints = misspelt.map((name) => `there is no setting ${name}; the nearest is ${nearestSetting(name)}`);
  throw new Error(`Cannot start with this environment: ${complaints.join('; ')}`);
}

/** Why a name of Anka Build Cloud changes nothing, in words for the log. */
export function wordsOnIgnored(name: string): string {
  return whyIgnored(name) ?? `There is no such setting; the nearest is ${nearestSetting(name)}.`;
}
