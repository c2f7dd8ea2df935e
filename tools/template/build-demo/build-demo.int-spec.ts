import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { judgeQcow2 } from '../../../apps/node-agent/src/images/qcow2-header.js';
import { buildDemoTemplate } from '../build-demo.js';

const BUILD_LIMIT_MS = 300_000;

jest.setTimeout(BUILD_LIMIT_MS);

describe('the demo template', () => {
  let parent: string;
  const quiet = (): void => undefined;

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'muster-demo-'));
  });

  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('is built from packages, described, reused, and the same when built again', async () => {
    const dir = join(parent, 'demo');
    const template = await buildDemoTemplate(dir, quiet);
    expect(JSON.parse(readFileSync(join(dir, 'template.json'), 'utf8'))).toEqual(template);
    expect(template).toMatchObject({ name: 'debian-demo', forwards: [{ name: 'ssh', guestPort: 22 }] });
    for (const { file, sizeBytes } of Object.values(template.files))
      expect(statSync(join(dir, file)).size).toBe(sizeBytes);
    expect(judgeQcow2(readFileSync(join(dir, template.files.disk.file)))).toMatchObject({ ok: true });

    const builtAt = statSync(join(dir, 'root.qcow2')).mtimeMs;
    expect(await buildDemoTemplate(dir, quiet)).toEqual(template);
    expect(statSync(join(dir, 'root.qcow2')).mtimeMs).toBe(builtAt);

    writeFileSync(join(dir, 'initrd.gz'), 'spoilt');
    expect(await buildDemoTemplate(dir, quiet)).toEqual(template);
    expect(statSync(join(dir, 'initrd.gz')).size).toBe(template.files.initrd.sizeBytes);
  });
});
