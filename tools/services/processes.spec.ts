import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeHolder, freePort, portIsFree } from './ports.js';
import { findOrphan, forgetProcess, recordProcess } from './process-record.js';
import { endProcess, startTokenOf } from './processes.js';
import { createServer } from 'node:net';

const dir = mkdtempSync(join(tmpdir(), 'muster-processes-'));
const record = join(dir, 'process.json');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  forgetProcess(record);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A process that prints when it is there and then waits; `deaf` ones ignore SIGTERM. */
async function start(mark: string, deaf = false): Promise<number> {
  const program = `${deaf ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); console.log('up')`;
  const child = spawn(process.execPath, ['-e', program, mark], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

describe('a recorded process', () => {
  it('is found again while it runs, and not after it has ended', async () => {
    const pid = await start('the-mark');
    recordProcess(record, pid, 'the-mark');
    expect(findOrphan(record)).toMatchObject({ pid, argument: 'the-mark' });
    await endProcess(pid, startTokenOf(pid) ?? '', [{ signal: 'SIGTERM', withinMs: 5_000 }]);
    expect(findOrphan(record)).toBeUndefined();
  });

  it('is not mistaken for another process that has its id now', async () => {
    const pid = await start('somebody-else');
    writeFileSync(record, JSON.stringify({ pid, started: 'another boot/1', argument: 'somebody-else' }));
    expect(findOrphan(record)).toBeUndefined();
  });

  it('is not mistaken for one without its argument', async () => {
    const pid = await start('somebody-else');
    writeFileSync(record, JSON.stringify({ pid, started: startTokenOf(pid), argument: 'the-mark' }));
    expect(findOrphan(record)).toBeUndefined();
  });

  it('is no process at all when the record is damaged', () => {
    writeFileSync(record, '{"pid": 1, "started": ');
    expect(findOrphan(record)).toBeUndefined();
  });
});

describe('ending a process', () => {
  it('kills one that does not listen', async () => {
    const pid = await start('deaf', true);
    await endProcess(pid, startTokenOf(pid) ?? '', [{ signal: 'SIGTERM', withinMs: 100 }]);
    expect(startTokenOf(pid)).toBeUndefined();
  });

  it('leaves alone a process that only has the same id', async () => {
    const pid = await start('bystander');
    await endProcess(pid, 'another boot/1', [{ signal: 'SIGTERM', withinMs: 100 }]);
    expect(startTokenOf(pid)).toBeDefined();
  });
});

describe('a port', () => {
  it('is taken while somebody listens, who can be named', async () => {
    const port = await freePort();
    expect(await portIsFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await portIsFree(port)).toBe(false);
    expect(describeHolder(port)).toContain(`(pid ${process.pid}`);
    await new Promise((resolve) => server.close(resolve));
    expect(await portIsFree(port)).toBe(true);
  });
});
