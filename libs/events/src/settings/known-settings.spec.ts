import { whyIgnored } from './anka-ignored.js';
import { SETTINGS } from './catalogue.js';
import { assertKnownSettings, wordsOnIgnored } from './known-settings.js';
import { parseSetting } from './parse.js';
import type { Setting } from './setting.js';

describe('assertKnownSettings()', () => {
  it('accepts the settings of the catalogue, their aliases and what is not ours', () => {
    expect(assertKnownSettings({ MUSTER_HOME: '/var/lib/muster', ANKA_LISTEN_ADDR: ':80', PATH: '/bin' })).toEqual([]);
  });

  it('throws for a misspelt name and names the nearest setting', () => {
    expect(() => assertKnownSettings({ MUSTER_LISTN: ':1' })).toThrow(
      'Cannot start with this environment: there is no setting MUSTER_LISTN; the nearest is MUSTER_LISTEN',
    );
  });

  it('returns the Anka names that have no effect, sorted', () => {
    expect(assertKnownSettings({ ANKA_STANDALONE: 'true', ANKA_NUM_WORKERS: '2' })).toEqual([
      'ANKA_NUM_WORKERS',
      'ANKA_STANDALONE',
    ]);
  });
});

describe('what is said of a name that changes nothing', () => {
  it.each([
    ['ANKA_STANDALONE', 'There is no etcd: streams in NATS hold the truth.'],
    ['ANKA_ETCD_ENDPOINTS', 'There is no etcd: streams in NATS hold the truth.'],
    ['ANKA_ALOW_CORS', 'There is no such setting; the nearest is ANKA_ALLOW_CORS.'],
  ])('%s: %s', (name, words) => expect(wordsOnIgnored(name)).toBe(words));
});

describe('the catalogue', () => {
  const settings: readonly Setting[] = SETTINGS;

  it('has no name twice', () => {
    const names = settings.flatMap((setting) => [setting.name, ...(setting.aliases ?? [])]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has no setting that is ignored', () => {
    const names = settings.flatMap((setting) => [setting.name, ...(setting.aliases ?? [])]);
    expect(names.filter((name) => whyIgnored(name) !== undefined)).toEqual([]);
  });

  it.each(settings.map((setting) => [setting.name, setting] as const))('describes %s completely', (_, setting) => {
    expect(setting.meaning).toMatch(/\.$/);
    expect(setting.apps.length).toBeGreaterThan(0);
    if (setting.default !== undefined) expect(() => parseSetting(setting, setting.default ?? '')).not.toThrow();
    if (setting.kind === 'enum') expect(setting.values?.length).toBeGreaterThan(1);
    if (setting.kind === 'url') expect(setting.protocols?.length).toBeGreaterThan(0);
    if (setting.kind === 'integer' || setting.kind === 'fraction') {
      expect(setting.atMost).toBeGreaterThan(setting.atLeast ?? Infinity);
    }
  });
});
