import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTokenOf } from '../services/processes.js';
import { assertUnlocked, lockHolder, takeLock } from './lock.js';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-lock-'));
  file = join(dir, 'launcher.lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The parent of the test is a process that certainly runs and is not the test itself. */
const other = { pid: process.ppid, started: startTokenOf(process.ppid) ?? '', apiUrl: 'http://127.0.0.1:8090' };

describe('the lock of an installation', () => {
  it('names this process while it is held, and leaves nothing behind when it is returned', () => {
    const release = takeLock(file, 'http://127.0.0.1:8090');
    expect(lockHolder(file)).toEqual({
      pid: process.pid,
      started: startTokenOf(process.pid),
      apiUrl: 'http://127.0.0.1:8090',
    });
    release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('refuses a second launcher, and says who runs, where, and how to stop it', () => {
    writeFileSync(file, JSON.stringify(other));
    expect(() => takeLock(file, 'http://127.0.0.1:9000')).toThrow(
      new RegExp(`runs already on ${dir} \\(pid ${other.pid}, http://127.0.0.1:8090\\).*npm run stop`),
    );
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(other);
    expect(() => assertUnlocked(file)).toThrow(/runs already/);
  });

  it('is taken over when another process has the id of the one that held it', () => {
    writeFileSync(file, JSON.stringify({ ...other, started: 'another boot/1' }));
    expect(lockHolder(file)).toBeUndefined();
    const release = takeLock(file, 'http://127.0.0.1:9000');
    expect(lockHolder(file)?.pid).toBe(process.pid);
    release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is taken over when its text cannot be read', () => {
    writeFileSync(file, '{"pid":');
    const release = takeLock(file, 'http://127.0.0.1:9000');
    expect(lockHolder(file)?.pid).toBe(process.pid);
    release();
  });
});
