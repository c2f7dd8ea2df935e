import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startEmbeddedNats, startEmbeddedPostgres } from '../services/index.js';
import { freePort } from '../services/ports.js';
import { startTokenOf } from '../services/processes.js';
import { openHome } from './home.js';
import { lockHolder } from './lock.js';
import { Installation, stepsIn, STOP_STEPS, until } from './testing/installation.js';

jest.setTimeout(180_000);

let at: Installation;
beforeEach(() => {
  at = new Installation();
});
afterEach(() => at.dispose());

describe('Muster on one machine', () => {
  it('comes up step by step, finds its data again, and stops in the order in which nobody loses what he needs', async () => {
    const first = at.begin();
    await first.up;
    expect(stepsIn(first.lines).map((step) => step.replace(/:? \/.*/, ''))).toEqual([
      'nats-server',
      'NATS with JetStream on #',
      'Postgres on #',
      'Tables are up to date',
      'Started api, scheduler and node agent',
      'The API is ready at http://#',
      'Node stand-in is active (simulated driver)',
    ]);
    expect(first.lines.at(-1)).toMatch(/^Muster is ready: http:\/\/127\.0\.0\.1:\d+$/);
    expect(readFileSync(join(at.home, 'agent-up'), 'utf8')).toBe('simulated');
    const before = first.lines.length;
    first.stop();
    await first.ended;
    expect(stepsIn(first.lines.slice(before))).toEqual(STOP_STEPS);
    expect(at.trace().filter((line) => line.endsWith('drained'))).toEqual(
      ['api', 'scheduler', 'node-agent'].map((name) => `${name} drained`),
    );
    const second = at.begin();
    await second.up;
    expect(at.trace()).toContain('migrated 2');
    const port = /Postgres on 127\.0\.0\.1:(\d+)/;
    expect(port.exec(second.lines.join('\n'))?.[1]).toBe(port.exec(first.lines.join('\n'))?.[1]);
  });

  it('refuses a second start on the same data and leaves the first alone', async () => {
    const first = at.begin();
    await first.up;
    await expect(at.begin().ended).rejects.toThrow(/runs already on .*npm run stop/);
    expect(startTokenOf(at.pidOf('api'))).toBeDefined();
    expect(lockHolder(join(at.home, 'launcher.lock'))?.pid).toBe(process.pid);
  });

  it('can be stopped while it is still starting', async () => {
    writeFileSync(join(at.root, 'dist/apps/node-agent/src/main.js'), 'setInterval(() => {}, 1000);\n');
    const muster = at.begin();
    await until('the API is ready', () => muster.lines.some((line) => line.includes('The API is ready')));
    muster.stop();
    await muster.ended;
    expect(stepsIn(muster.lines).slice(-5)).toEqual(STOP_STEPS);
  });

  it.each([
    ['MUSTER_LISTEN', (port: number) => `127.0.0.1:${port}`],
    ['MUSTER_REGISTRY_LISTEN', (port: number) => `127.0.0.1:${port}`],
    ['MUSTER_NATS_PORT', String],
  ])('says who holds a busy port and that %s chooses another', async (variable, valueFor) => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await expect(at.begin({ [variable]: valueFor(port) }).ended).rejects.toThrow(
      new RegExp(`Port ${port} .*\\(pid ${process.pid}.*${variable}`),
    );
    server.close();
    await once(server, 'close');
  });

  it('uses a NATS server and a database that are given, and does not tell their passwords', async () => {
    const nats = await startEmbeddedNats({ dir: join(at.root, 'given-nats') });
    const postgres = await startEmbeddedPostgres({ dir: join(at.root, 'given-postgres'), ephemeral: true });
    try {
      const muster = at.begin({ MUSTER_NATS_URL: nats.url, MUSTER_DATABASE_URL: postgres.url });
      await muster.up;
      expect(muster.lines).toContain(`  · Postgres: 127.0.0.1:${postgres.port}, from MUSTER_DATABASE_URL`);
      expect(muster.lines.join('\n')).not.toContain(new URL(postgres.url).password);
      expect(existsSync(join(at.home, 'nats', 'nats.conf'))).toBe(false);
      muster.stop();
      await muster.ended;
      expect(startTokenOf(nats.pid)).toBeDefined();
    } finally {
      await nats.stop();
      await postgres.stop();
    }
  });

  it('keeps the password of its database in a file for its owner alone, and out of every command line and log', async () => {
    const muster = at.begin();
    await muster.up;
    const { postgresDir, logDir } = openHome(at.home);
    const file = join(postgresDir, 'password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const password = readFileSync(file, 'utf8');
    const pids = await Promise.all(['api', 'scheduler', 'node-agent'].map((name) => at.pidOnceUp(name)));
    const argv = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const logs = ['api', 'migrate', 'postgres', 'nats'].map((name) =>
      readFileSync(join(logDir, `${name}.log`), 'utf8'),
    );
    expect([...argv, ...logs, ...muster.lines].join('\n')).not.toContain(password);
  });
});

describe('Muster behind a door that is closed to others', () => {
  it('puts what other accounts must reach below /var/lib/muster if root runs it, and finds it again', async () => {
    const isRoot = process.getuid?.() === 0;
    mkdirSync(at.home);
    chmodSync(at.root, 0o700);
    const muster = at.begin();
    await muster.up;
    const { postgresDir } = openHome(at.home);
    expect(postgresDir).toMatch(
      isRoot ? /^\/var\/lib\/muster\/[0-9a-f]{12}\/postgres$/ : new RegExp(`^${at.home}/postgres$`),
    );
    expect(existsSync(join(postgresDir, 'data', 'PG_VERSION'))).toBe(true);
    muster.stop();
    await muster.ended;
    await at.begin().up;
    expect(openHome(at.home).postgresDir).toBe(postgresDir);
    expect(at.trace()).toContain('migrated 2');
  });
});
