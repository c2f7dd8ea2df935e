import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_NOTED_OUTPUT_LENGTH } from './vm-notes.js';
import { FileVmNotes } from './vm-notes.driver.js';
import { vmNotesContract } from './vm-notes.contract.js';

let dir: string;
const opened: FileVmNotes[] = [];
const path = (): string => join(dir, 'sub', 'vms.jsonl');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vm-notes-'));
});

afterEach(async () => {
  for (const notes of opened.splice(0)) await notes.close();
  rmSync(dir, { recursive: true });
});

async function open(): Promise<FileVmNotes> {
  const notes = await FileVmNotes.open(path());
  opened.push(notes);
  return notes;
}

vmNotesContract('in a file', open);

describe('notes in a file', () => {
  it('are there again after a restart', async () => {
    const notes = await open();
    await Promise.all([
      notes.put('vm-1', { epoch: 4 }),
      notes.put('vm-1', { epoch: 5, script: { state: 'begun' } }),
      notes.put('vm-2', { epoch: 6 }),
      notes.end('vm-2', 6),
    ]);
    const again = await open();
    expect(again.get('vm-1')).toEqual({ epoch: 5, script: { state: 'begun' } });
    expect(again.get('vm-2')).toEqual({ epoch: 6, ended: true });
    expect([...again.open()]).toEqual(['vm-1']);
  });

  it('survive the half line that a crash leaves', async () => {
    await (await open()).put('vm-1', { epoch: 5 });
    appendFileSync(path(), '["vm-2",{"epo');
    const again = await open();
    expect([again.get('vm-1'), again.get('vm-2')]).toEqual([{ epoch: 5 }, undefined]);
    await again.put('vm-3', { epoch: 7 });
    expect((await open()).get('vm-3')).toEqual({ epoch: 7 });
  });

  it('are refused when the file is something else', async () => {
    await open();
    writeFileSync(path(), 'hello\n["vm-1",{"epoch":5}]\n');
    await expect(FileVmNotes.open(path())).rejects.toThrow(/line 1 of .*vms.jsonl: it must be JSON/);
  });

  it('take room for what is remembered, not for what ever happened', async () => {
    const notes = await open();
    for (let epoch = 1; epoch <= 3000; epoch++) void notes.put(`vm-${epoch % 10}`, { epoch });
    await notes.put('last', { epoch: 1 });
    for (let epoch = 1; epoch <= 100; epoch++) await notes.put('vm-1', { epoch: 5000 + epoch });
    expect(statSync(path()).size).toBeLessThan(20_000);
    expect((await open()).get('vm-1')).toEqual({ epoch: 5100 });
  });

  it('keep the end of a script that said much, for the eyes of their owner only', async () => {
    const stdout = `${'x'.repeat(100_000)}end`;
    const result = { returnCode: 0, didTimeout: false, stdout, stderr: '' };
    await (await open()).put('vm-1', { epoch: 5, script: { state: 'ended', result } });
    const again = await open();
    const noted = again.get('vm-1')?.script;
    expect(noted?.state === 'ended' && noted.result.stdout).toHaveLength(MAX_NOTED_OUTPUT_LENGTH);
    expect(readFileSync(path(), 'utf8')).toMatch(/end"/);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });
});
