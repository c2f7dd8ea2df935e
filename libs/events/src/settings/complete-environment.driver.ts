import { readFlags } from './flags.js';
import type { Environment } from './read-settings.js';
import { settingNamed } from './setting-names.js';
import { readSettingsFile } from './settings-file.driver.js';

/**
 * The environment with what flags and the file named by ANKA_CONFIG add (anka.md §7): a flag goes before a variable, a variable before
 * the file, whichever of a setting's names each of them uses.
 */
export function completeEnvironment(env: Environment, words: readonly string[]): Environment {
  const flags = readFlags(words);
  const path = flags.ANKA_CONFIG ?? env.ANKA_CONFIG;
  const file = path === undefined || path === '' ? {} : readSettingsFile(path);
  return over(over(file, env), flags);
}

/** What `above` sets, under whatever name, replaces what `below` sets under any name. */
function over(below: Environment, above: Environment): Environment {
  const set = new Set(
    Object.keys(above)
      .filter((name) => above[name])
      .map(ownName),
  );
  const kept = Object.entries(below).filter(([name]) => !set.has(ownName(name)));
  return { ...Object.fromEntries(kept), ...above };
}

const ownName = (name: string): string => settingNamed(name)?.name ?? name;
