import { parseAge, parseDuration } from './duration.js';
import type { ListenAddress, Setting } from './setting.js';

/** What a setting becomes once it is read. Durations are milliseconds. */
export type SettingValue = string | number | boolean | ListenAddress;

const LISTEN = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/;
const HIGHEST_PORT = 65_535;
/** What `:80` listens on. */
const EVERY_INTERFACE = '0.0.0.0';

/** Reads the text of one setting. Throws, saying what the value is (unless it may hold a secret) and what it must be. */
export function parseSetting(setting: Setting, text: string): SettingValue {
  const value = parseKind(setting, text);
  if (value !== undefined) return value;
  const shown = setting.kind === 'url' || setting.kind === 'secret' ? 'its value (not shown)' : `"${text}"`;
  throw new Error(`Cannot read setting ${setting.name}: ${shown} must be ${expectationOf(setting)}`);
}

/** What a value of this setting must look like, in words that fit behind "must be". */
export function expectationOf(setting: Setting): string {
  switch (setting.kind) {
    case 'string':
      return 'a text';
    case 'path':
      return 'a path';
    case 'secret':
      return setting.protocols === undefined ? 'a text' : urlWith(setting.protocols);
    case 'url':
      return urlWith(setting.protocols ?? []);
    case 'integer':
      return `a whole number from ${setting.atLeast} to ${setting.atMost}`;
    case 'fraction':
      return `a number from ${setting.atLeast} to ${setting.atMost}`;
    case 'boolean':
      return 'true or false';
    case 'duration':
      return 'a duration such as 500ms, 10s or 1m30s, at most 24 days';
    case 'age':
      return 'a time such as 12h or 90d, at least 10s';
    case 'listen':
      return 'host:port or :port';
    case 'enum':
      return `one of ${(setting.values ?? []).join(', ')}`;
  }
}

const urlWith = (protocols: readonly string[]): string =>
  `a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`;

function parseKind(setting: Setting, text: string): SettingValue | undefined {
  switch (setting.kind) {
    case 'string':
    case 'path':
      return text;
    case 'secret':
    case 'url':
      return setting.protocols === undefined || isUrl(text, setting.protocols) ? text : undefined;
    case 'integer':
      return /^-?\d+$/.test(text) ? within(setting, Number(text)) : undefined;
    case 'fraction':
      return /^-?\d+(\.\d+)?$/.test(text) ? within(setting, Number(text)) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'duration':
      return parseDuration(text);
    case 'age':
      return parseAge(text);
    case 'listen':
      return parseListen(text);
    case 'enum':
      return setting.values?.includes(text) ? text : undefined;
  }
}

function within({ atLeast = -Infinity, atMost = Infinity }: Setting, value: number): number | undefined {
  return value >= atLeast && value <= atMost ? value : undefined;
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.some((protocol) => text.startsWith(`${protocol}://`));
}

function parseListen(text: string): ListenAddress | undefined {
  const match = LISTEN.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port <= HIGHEST_PORT ? { host: match[1] ?? (match[2] || EVERY_INTERFACE), port } : undefined;
}
