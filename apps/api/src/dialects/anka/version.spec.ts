import { readFileSync } from 'node:fs';
import { CONTROLLER_VERSION, RELEASE, withBuild } from './version.js';

describe('versions', () => {
  it('name this release', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(RELEASE).toBe(manifest.version);
  });

  it('are X.Y.Z-hash', () => {
    expect(CONTROLLER_VERSION).toMatch(/^1\.50\.1-[0-9a-f]{8}$/);
    expect(withBuild('0.1.0')).toMatch(/^0\.1\.0-[0-9a-f]{8}$/);
    expect(withBuild('1.2.3-abc')).toBe('1.2.3-abc');
  });
});
