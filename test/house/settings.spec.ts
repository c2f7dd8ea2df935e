import { SETTINGS, type Setting } from '../../libs/events/src/settings/index.js';
import { unknownSettings, unreadSettings } from './rules/settings.js';
import { readTree } from './rules/source.js';

const tree = readTree();
const names = SETTINGS.map(({ name }) => name);
const known = SETTINGS.flatMap((setting: Setting) => [setting.name, ...(setting.aliases ?? [])]);

describe('settings', () => {
  it('that are spoken of exist', () => expect(unknownSettings(known)(tree)).toEqual([]));
  it('that exist are read', () => expect(unreadSettings(names)(tree)).toEqual([]));

  it('are caught when they do not exist', () => {
    const sources = [
      { path: 'README.md', text: 'Set\nMUSTER_PORT or MUSTER_HOME, and all of MUSTER_SIMULATED.' },
      { path: 'apps/api/src/main.spec.ts', text: 'MUSTER_NONSENSE' },
    ];
    expect(unknownSettings(['MUSTER_HOME', 'MUSTER_SIMULATED_BOOT'])(sources)).toEqual([
      'README.md:2 speaks of MUSTER_PORT, which is no setting',
    ]);
  });

  it('are caught when nobody reads them', () => {
    const sources = [
      { path: 'apps/api/src/main.ts', text: `readSettings(env, ['MUSTER_HOME'])` },
      { path: 'README.md', text: 'MUSTER_LISTEN' },
    ];
    expect(unreadSettings(['MUSTER_HOME', 'MUSTER_LISTEN'])(sources)).toEqual(['nobody reads MUSTER_LISTEN']);
  });
});
