import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedNats, startEmbeddedPostgres } from '../services/index.js';
import { findOrphan, recordProcess } from '../services/process-record.js';
import { startTokenOf } from '../services/processes.js';
import { openHome } from './home.js';
import { lockHolder } from './lock.js';
import { TRACE } from './testing/stand-in-apps.js';
import { Installation, until } from './testing/installation.js';

jest.setTimeout(180_000);

let at: Installation;
beforeEach(() => {
  at = new Installation();
});
afterEach(() => at.dispose());

describe('A crash', () => {
  it('of a program is told, and the program is started again', async () => {
    const muster = at.begin();
    await muster.up;
    const crashed = await at.pidOnceUp('scheduler');
    process.kill(crashed, 'SIGKILL');
    await until('the scheduler is back', () => at.pidOf('scheduler') !== crashed);
    expect(muster.lines.find((line) => line.includes('scheduler was ended by SIGKILL'))).toMatch(
      /started again in 0.02 s \(1 of 6\)/,
    );
  });

  it('of NATS or Postgres brings them back on their ports, with their data', async () => {
    const muster = at.begin();
    await muster.up;
    const nats = findOrphan(join(at.home, 'nats', 'process.json'));
    process.kill(nats?.pid ?? 0, 'SIGKILL');
    const { postgresDir } = openHome(at.home);
    const postmaster = (): number =>
      Number(readFileSync(join(postgresDir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const killed = postmaster();
    process.kill(killed, 'SIGKILL');
    await until('NATS is back', () => findOrphan(join(at.home, 'nats', 'process.json'))?.pid !== nats?.pid);
    await until(
      'Postgres is back',
      () => existsSync(join(postgresDir, 'data', 'postmaster.pid')) && postmaster() !== killed,
    );
    muster.stop();
    await muster.ended;
    await at.begin().up;
    expect(at.trace()).toContain('migrated 2');
  });

  it('that repeats itself stops everything, and that is an error', async () => {
    const muster = at.begin();
    await muster.up;
    writeFileSync(join(at.root, 'dist/apps/scheduler/src/main.js'), "console.error('no lease'); process.exit(3);\n");
    process.kill(await at.pidOnceUp('scheduler'), 'SIGKILL');
    await expect(muster.ended).rejects.toThrow(/scheduler ended with exit code 3, 7 times in a row.*no lease/s);
    expect(muster.lines).toContainEqual(expect.stringContaining('Stopped Postgres'));
  });

  it('while the tables are brought up to date stops what runs already, and shows why', async () => {
    writeFileSync(
      join(at.root, 'dist/apps/api/src/projections/migrate.main.js'),
      "throw new Error('no such column');\n",
    );
    const muster = at.begin();
    await expect(muster.ended).rejects.toThrow(/migrate\.main\.js ended with exit code 1.*no such column/s);
    expect(muster.lines).toContainEqual(expect.stringContaining('Stopped NATS'));
    expect(lockHolder(join(at.home, 'launcher.lock'))).toBeUndefined();
  });

  it('of the launcher leaves processes behind, which the next start ends before it starts its own', async () => {
    const { natsDir, postgresDir, runDir } = openHome(at.home);
    const script = join(at.root, 'dist/apps/scheduler/src/main.js');
    const left = spawn(process.execPath, [script], { env: { MUSTER_HOME: at.home }, stdio: 'ignore' });
    const nats = await startEmbeddedNats({ dir: natsDir });
    const postgres = await startEmbeddedPostgres({ dir: postgresDir });
    try {
      recordProcess(join(runDir, 'scheduler.json'), left.pid ?? 0, script);
      await until('the scheduler is up', () => existsSync(join(at.home, TRACE)));
      const muster = at.begin();
      await muster.up;
      for (const { name, pid = 0 } of [
        { name: 'scheduler', pid: left.pid },
        { name: 'NATS', pid: nats.pid },
        { name: 'Postgres', pid: postgres.pid },
      ]) {
        expect(muster.lines).toContain(`  ! Ended ${name} (pid ${pid}), which an earlier start left behind`);
        expect(startTokenOf(pid)).toBeUndefined();
      }
    } finally {
      left.kill('SIGKILL');
      await nats.stop();
      await postgres.stop();
    }
  });
});
