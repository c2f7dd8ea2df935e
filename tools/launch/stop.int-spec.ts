import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedNats } from '../services/index.js';
import { startTokenOf } from '../services/processes.js';
import { openHome } from './home.js';
import { lockHolder } from './lock.js';
import { stopMuster } from './stop.js';
import { Installation, stepsIn } from './testing/installation.js';

jest.setTimeout(180_000);

let at: Installation;
beforeEach(() => {
  at = new Installation();
});
afterEach(() => at.dispose());

describe('npm run stop', () => {
  it('says so when nothing runs, and cannot end VMs then', async () => {
    const lines: string[] = [];
    const order = { root: at.root, env: { MUSTER_HOME: at.home }, say: (line: string) => lines.push(line) };
    expect(await stopMuster({ ...order, all: false })).toBe(false);
    expect(lines).toEqual([`Muster does not run on ${at.home}`]);
    await expect(stopMuster({ ...order, all: true })).rejects.toThrow(/VMs can only be ended while it does/);
  });

  it('with --all ends every VM that lives and waits for its end before it stops Muster', async () => {
    const muster = at.begin();
    await muster.up;
    // A stop of the real launcher would stop this test: a process that only holds a lock stands in for it.
    const program = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')";
    const launcher = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(launcher.stdout, 'data');
    const pid = launcher.pid ?? 0;
    const other = join(at.root, 'other');
    mkdirSync(other);
    const apiUrl = lockHolder(join(at.home, 'launcher.lock'))?.apiUrl;
    writeFileSync(join(other, 'launcher.lock'), JSON.stringify({ pid, started: startTokenOf(pid), apiUrl }));
    const lines: string[] = [];
    const say = (line: string): number => lines.push(line);
    expect(await stopMuster({ root: at.root, env: { MUSTER_HOME: other }, all: true, say })).toBe(true);
    expect(startTokenOf(pid)).toBeUndefined();
    expect(at.trace().filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE {"id":"vm-1"}']);
    expect(stepsIn(lines)).toEqual(['All VMs have ended (1)', 'Muster has stopped']);
  });

  it('ends what a killed launcher left behind', async () => {
    const nats = await startEmbeddedNats({ dir: openHome(at.home).natsDir });
    const lines: string[] = [];
    const say = (line: string): number => lines.push(line);
    expect(await stopMuster({ root: at.root, env: { MUSTER_HOME: at.home }, all: false, say })).toBe(true);
    expect(lines).toEqual([`  ! Ended NATS (pid ${nats.pid}), which an earlier start left behind`]);
    await nats.exited;
    expect(lockHolder(join(at.home, 'launcher.lock'))).toBeUndefined();
  });
});
