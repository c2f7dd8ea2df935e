import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutLog, KEPT_LOGS, rotateLog } from './logs.js';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-logs-'));
  file = join(dir, 'api.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function append(text: string): void {
  const fd = openSync(file, 'a');
  writeSync(fd, text);
  closeSync(fd);
}

describe('a log', () => {
  it('begins anew at every start, and the last few are kept', () => {
    for (let start = 1; start <= KEPT_LOGS + 2; start++) {
      rotateLog(file);
      append(`start ${start}`);
    }
    expect(readFileSync(file, 'utf8')).toBe('start 5');
    expect([1, 2, 3].map((age) => readFileSync(`${file}.${age}`, 'utf8'))).toEqual(['start 4', 'start 3', 'start 2']);
    expect(existsSync(`${file}.4`)).toBe(false);
  });

  it('is cut while a process appends to it, and what comes then stands at its beginning', () => {
    const fd = openSync(file, 'a');
    writeSync(fd, 'x'.repeat(100));
    expect(cutLog(file, 100)).toBe(false);
    writeSync(fd, 'y');
    expect(cutLog(file, 100)).toBe(true);
    writeSync(fd, 'after');
    closeSync(fd);
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'x'.repeat(100)}y`);
  });
});
