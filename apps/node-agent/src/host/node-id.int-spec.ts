import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isId } from '#domain';
import { newNodeId, rememberedNodeId } from './node-id.driver.js';

describe('the id of a node', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'node-id-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is made once and kept', async () => {
    const nodeDir = join(dir, 'not', 'yet');
    const made = await rememberedNodeId(nodeDir, undefined, 'aaaa');
    expect(made).toMatch(/^[a-z0-9-]+-aaaa$/);
    expect(readFileSync(join(nodeDir, 'node-id'), 'utf8')).toBe(`${made}\n`);
    expect(await rememberedNodeId(nodeDir, undefined, 'bbbb')).toBe(made);
  });

  it('is the demanded one for as long as it is demanded', async () => {
    const made = await rememberedNodeId(dir, undefined, 'aaaa');
    expect(await rememberedNodeId(dir, 'mac-01', 'bbbb')).toBe('mac-01');
    expect(await rememberedNodeId(dir, undefined, 'cccc')).toBe(made);
  });

  it('is refused when it is none', async () => {
    await expect(rememberedNodeId(dir, '../etc', 'aaaa')).rejects.toThrow(/Cannot use "\.\.\/etc" from the setting/);
    writeFileSync(join(dir, 'node-id'), 'two words\n');
    await expect(rememberedNodeId(dir, undefined, 'aaaa')).rejects.toThrow(/"two words" from .*node-id/);
  });

  it.each(['Mac-01.example.com', '___', '', 'ÄÖ', 'x'.repeat(300), '-a-'])(
    'can be made from the host name "%s"',
    (host) => {
      expect(isId(newNodeId(host, 'aaaa'))).toBe(true);
    },
  );
});
