import { SETTINGS, type SettingName } from './catalogue.js';
import { parseSetting } from './parse.js';
import type { ListenAddress, Setting } from './setting.js';

/** The environment of a process, `process.env` in life. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Entry<N extends SettingName> = Extract<(typeof SETTINGS)[number], { readonly name: N }>;
type Parsed<S> = S extends { readonly kind: 'enum'; readonly values: readonly (infer V)[] }
  ? V
  : S extends { readonly kind: 'integer' | 'fraction' | 'duration' | 'age' }
    ? number
    : S extends { readonly kind: 'boolean' }
      ? boolean
      : S extends { readonly kind: 'listen' }
        ? ListenAddress
        : string;

/** The value of one setting that is set: durations in milliseconds, an enum as the union of its values. */
export type ValueOf<N extends SettingName> = Parsed<Entry<N>>;

/** Settings by their names; one without a default may be `undefined`. */
export type Settings<N extends SettingName> = {
  readonly [K in N]: Entry<K> extends { readonly default: string } ? ValueOf<K> : ValueOf<K> | undefined;
};

const BY_NAME: ReadonlyMap<string, Setting> = new Map(SETTINGS.map((setting) => [setting.name, setting]));

/**
 * Reads the named settings from an environment, with their defaults. An empty value counts as unset. Throws one error that lists every
 * unreadable value, with what it must be.
 */
export function readSettings<const N extends SettingName>(env: Environment, names: readonly N[]): Settings<N> {
  const problems: string[] = [];
  const entries = names.map((name) => {
    try {
      return [name, readOne(env, name)] as const;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [name, undefined] as const;
    }
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(entries) as Settings<N>;
}

/** Like `readSettings`, and throws when one of the named settings is neither set nor has a default. */
export function requireSettings<const N extends SettingName>(
  env: Environment,
  names: readonly N[],
): { readonly [K in N]: ValueOf<K> } {
  const settings = readSettings(env, names);
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length === 0) return settings as { readonly [K in N]: ValueOf<K> };
  throw new Error(missing.map((name) => `Setting ${name} is not set. ${BY_NAME.get(name)?.meaning ?? ''}`).join('\n'));
}

function readOne(env: Environment, name: SettingName): unknown {
  const setting = BY_NAME.get(name);
  if (setting === undefined) throw new Error(`Cannot read setting ${name}: the catalogue does not have it`);
  const text =
    [setting.name, ...(setting.aliases ?? [])].map((key) => env[key]).find((value) => value) ?? setting.default;
  return text === undefined ? undefined : parseSetting(setting, text);
}
