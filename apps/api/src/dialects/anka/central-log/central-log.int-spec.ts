import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '#events/testing';
import { describeCentralLog } from './central-log.contract.js';
import { DiskCentralLog } from './central-log.driver.js';
import { type CentralLogLimits, headLine, MAX_OLD_FILES, MAX_SERVICES, TooManyServices } from './central-log.js';

const NOW = Date.UTC(2026, 2, 1, 10, 2, 3);
const DAY_MS = 86_400_000;
const LIMITS: CentralLogLimits = { maxFileBytes: 200, keepMs: 7 * DAY_MS, keepFullFiles: true, rotateDaily: false };
const dirs: string[] = [];
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

function make(changes: Partial<CentralLogLimits> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'muster-central-'));
  dirs.push(dir);
  const clock = new VirtualClock(NOW);
  const log = new DiskCentralLog(dir, { ...LIMITS, ...changes }, clock);
  const read = (service: string, name = `${service}.log`) => readFileSync(join(dir, service, name), 'utf8');
  const old = (service: string) =>
    readdirSync(join(dir, service))
      .filter((name) => name !== `${service}.log`)
      .sort();
  return { dir, clock, log, read, old };
}

describeCentralLog('on a disk', () => make({ maxFileBytes: 1_000_000 }), NOW);

describe('a file of the central logs on a disk', () => {
  it('is put aside when the next line would make it too large, and nothing is lost', async () => {
    const { log, read, old } = make();
    for (let n = 0; n < 20; n++) await log.append({ service: 'agent', content: `${n} ${'x'.repeat(40)}` });
    const texts = [...old('agent').map((name) => read('agent', name)), read('agent')];
    expect(old('agent').length).toBeGreaterThan(5);
    for (const text of texts) {
      expect(text.startsWith('Log file created at: ')).toBe(true);
      expect(text.length).toBeLessThanOrEqual(200);
    }
    const lines = texts.flatMap((text) => text.split('\n').filter((line) => line.includes('xxx')));
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('begins anew when full files are not to be kept', async () => {
    const { log, read, old } = make({ keepFullFiles: false });
    for (let n = 0; n < 20; n++) await log.append({ service: 'agent', content: `${n} ${'x'.repeat(40)}` });
    expect(old('agent')).toEqual([]);
    expect(read('agent').length).toBeLessThanOrEqual(200);
  });

  it('is put aside at the end of the day, if so wished', async () => {
    const { clock, log, dir, old } = make({ rotateDaily: true });
    await log.append({ service: 'agent', content: 'yesterday' });
    utimesSync(join(dir, 'agent', 'agent.log'), NOW / 1000, NOW / 1000);
    await clock.advanceBy(DAY_MS);
    await log.append({ service: 'agent', content: 'today' });
    expect(old('agent')).toHaveLength(1);
  });

  it('that is old goes after seven days, and when there are too many', async () => {
    const { clock, log, dir, old } = make();
    await log.append({ service: 'agent', content: 'now' });
    const put = (name: string, ageMs: number) => {
      writeFileSync(join(dir, 'agent', name), headLine(NOW));
      utimesSync(join(dir, 'agent', name), (NOW - ageMs) / 1000, (NOW - ageMs) / 1000);
    };
    put('agent.20260220T000000000-0000.log', 8 * DAY_MS);
    put('agent.20260228T000000000-0000.log', DAY_MS);
    await clock.advanceBy(3_600_000);
    await log.append({ service: 'agent', content: 'later' });
    expect(old('agent')).toEqual(['agent.20260228T000000000-0000.log']);
    for (let n = 0; n < 40; n++) put(`agent.20260301T0000000${10 + n}-0000.log`, 1000);
    await clock.advanceBy(3_600_000);
    await log.append({ service: 'agent', content: 'even later' });
    expect(old('agent')).toHaveLength(MAX_OLD_FILES);
  });

  it('is not made for one service too many', async () => {
    const { dir, log } = make();
    for (let n = 0; n < MAX_SERVICES; n++) await log.append({ service: `service-${n}`, content: 'x' });
    await expect(log.append({ service: 'another', content: 'x' })).rejects.toBeInstanceOf(TooManyServices);
    await log.append({ service: 'service-0', content: 'still' });
    expect(existsSync(join(dir, 'another'))).toBe(false);
  });
});
