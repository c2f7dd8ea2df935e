import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedNats, startEmbeddedPostgres, type EmbeddedNats, type EmbeddedPostgres } from './index.js';
import { startTokenOf } from './processes.js';

jest.setTimeout(120_000);

const dir = mkdtempSync(join(tmpdir(), 'muster-services-'));
const started: (EmbeddedNats | EmbeddedPostgres)[] = [];
afterAll(async () => {
  for (const service of started) await service.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function nats(name: string, port = 0): Promise<EmbeddedNats> {
  const server = await startEmbeddedNats({ dir: join(dir, name), port });
  started.push(server);
  return server;
}

async function postgres(name: string, ephemeral = true): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dir: join(dir, name), ephemeral });
  started.push(server);
  return server;
}

async function select(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ it: unknown }>(sql)).rows[0]?.it;
  } finally {
    await client.end();
  }
}

async function streamNames(url: string): Promise<string[]> {
  const connection = await connect({ servers: url });
  try {
    const names: string[] = [];
    for await (const name of (await jetstreamManager(connection)).streams.names()) names.push(name);
    return names;
  } finally {
    await connection.close();
  }
}

async function addStream(url: string, name: string): Promise<void> {
  const connection = await connect({ servers: url });
  await (await jetstreamManager(connection)).streams.add({ name, subjects: [`${name}.>`] });
  await connection.close();
}

describe('embedded NATS', () => {
  it('serves JetStream of at least version 2.9 on a free port, and keeps its streams over a restart', async () => {
    const first = await nats('kept');
    const connection = await connect({ servers: first.url });
    const [major = 0, minor = 0] = (connection.info?.version ?? '').split('.').map(Number);
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(2009);
    expect(connection.info?.host).toBe('127.0.0.1');
    await connection.close();
    await addStream(first.url, 'THINGS');
    await first.stop();
    expect(startTokenOf(first.pid)).toBeUndefined();
    const second = await nats('kept');
    expect(await streamNames(second.url)).toEqual(['THINGS']);
  });

  it('ends the server that a crashed parent left behind on the directory before it starts another', async () => {
    const orphan = await nats('orphaned');
    await addStream(orphan.url, 'LEFT');
    const heir = await nats('orphaned', orphan.port);
    expect(startTokenOf(orphan.pid)).toBeUndefined();
    expect(heir.pid).not.toBe(orphan.pid);
    expect(heir.port).toBe(orphan.port);
    expect(await streamNames(heir.url)).toEqual(['LEFT']);
  });

  it('says which variable chooses another port, and who holds this one, when the port is taken', async () => {
    const holder = await nats('holder');
    await expect(nats('late', holder.port)).rejects.toThrow(
      new RegExp(`Port ${holder.port} .*nats-server \\(pid ${holder.pid}\\).*MUSTER_NATS_PORT`),
    );
  });
});

describe('embedded Postgres', () => {
  it('serves a database of its own to its password alone, and keeps the data over a restart', async () => {
    const first = await postgres('kept-database', false);
    await select(first.url, 'CREATE TABLE kept AS SELECT 41 + 1 AS it');
    const wrong = first.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(select(wrong, 'SELECT 1 AS it')).rejects.toThrow(/password authentication failed/);
    await first.stop();
    expect(startTokenOf(first.pid)).toBeUndefined();
    const second = await postgres('kept-database');
    expect(await select(second.url, 'SELECT it FROM kept')).toBe(42);
    await second.stop();
    expect(existsSync(second.dataDir)).toBe(false);
  });

  it('ends the server that a crashed parent left behind on the data before it starts another', async () => {
    const orphan = await postgres('orphaned-database');
    await select(orphan.url, 'CREATE TABLE left_behind AS SELECT 7 AS it');
    const heir = await postgres('orphaned-database');
    expect(startTokenOf(orphan.pid)).toBeUndefined();
    expect(heir.pid).not.toBe(orphan.pid);
    expect(await select(heir.url, 'SELECT it FROM left_behind')).toBe(7);
  });

  it('recovers after it was killed, when its backends are still about to notice', async () => {
    const killed = await postgres('killed-database');
    await select(killed.url, 'CREATE TABLE survivor AS SELECT 9 AS it');
    await select(killed.url, 'CHECKPOINT');
    process.kill(killed.pid, 'SIGKILL');
    await killed.exited;
    const heir = await postgres('killed-database');
    expect(await select(heir.url, 'SELECT it FROM survivor')).toBe(9);
  });
});
