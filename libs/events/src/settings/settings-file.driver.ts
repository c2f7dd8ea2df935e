import { readFileSync } from 'node:fs';
import { parse } from 'ini';
import type { Environment } from './read-settings.js';
import { nearestSetting, variableOf } from './setting-names.js';

/**
 * The settings in an ini file, one `some-setting = value` per line, as environment variables. Throws when it cannot be read or names a
 * setting that there is not; values are not repeated, they may be secrets.
 */
export function readSettingsFile(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`Cannot read the file of settings ${path} (ANKA_CONFIG)`, { cause: error });
  }
  return Object.fromEntries(
    Object.entries(parse(text)).map(([word, value]) => [nameIn(path, word), textOf(path, word, value)]),
  );
}

function nameIn(path: string, word: string): string {
  const name = variableOf(word);
  if (name !== undefined) return name;
  const near = nearestSetting(`ANKA_${word.replaceAll('-', '_').toUpperCase()}`);
  throw new Error(`${path}: there is no setting ${word}; the nearest is ${near}`);
}

function textOf(path: string, word: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new Error(`${path}: ${word} must have one value, and sections have no meaning here`);
}
