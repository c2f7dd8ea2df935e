import { whyIgnored } from './anka-ignored.js';
import { SETTINGS } from './catalogue.js';
import { nearest } from './nearest.js';
import type { Setting } from './setting.js';

const BY_ANY_NAME: ReadonlyMap<string, Setting> = new Map(
  SETTINGS.flatMap((setting: Setting) =>
    [setting.name, ...(setting.aliases ?? [])].map((name) => [name, setting] as const),
  ),
);

/** The setting with this name or alias. */
export const settingNamed = (name: string): Setting | undefined => BY_ANY_NAME.get(name);

/** The setting whose name takes the fewest edits. */
export const nearestSetting = (name: string): string | undefined => nearest(name, [...BY_ANY_NAME.keys()]);

/**
 * The environment variable behind `some-setting`, as flags and files say it (anka.md §7): `ANKA_SOME_SETTING`, or with `muster-` in
 * front `MUSTER_…`. Undefined when there is no such setting.
 */
export function variableOf(word: string): string | undefined {
  const upper = word.replaceAll('-', '_').toUpperCase();
  const name = /^(MUSTER|ANKA)_/.test(upper) ? upper : `ANKA_${upper}`;
  return settingNamed(name) !== undefined || whyIgnored(name) !== undefined ? name : undefined;
}
