import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import { linkHash } from '../../apps/api/src/archive/chain.js';
import { type ExportHeader, headerLine, trailerLine } from '../../apps/api/src/archive/export-file.js';
import { openPool } from '../../apps/api/src/projections/database.postgres.js';
import { ApiUnderTest } from '../../test/support/api-under-test.js';
import { BareControlPlane } from '../../test/support/bare-control-plane.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../services/index.js';
import { exportEvents } from './export-events.js';
import { importEvents } from './import-events.js';
import { verifyEvents } from './verify-events.js';

let world: ApiUnderTest;
let file: string;
let templateId: string;

const services = () => ({ MUSTER_NATS_URL: world.nats.url, MUSTER_DATABASE_URL: world.postgres.url });
const silent = () => undefined;

async function call<T>(path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${world.api.url}${path}`, init);
  expect([path, Math.floor(response.status / 100)]).toEqual([path, 2]);
  return (await response.json()) as T;
}

const start = () => call<{ body: string[] }>('/api/v1/vm', { vmid: templateId });
/** All VMs as a client sees them; the registry is at another port each time. */
const list = async () => {
  const { body } = await call<{ body: unknown[] }>('/api/v1/vm');
  return JSON.stringify(body).replace(/127\.0\.0\.1:\d+/g, 'registry');
};

/** Archived events are asked for, so that the archive is complete. */
async function exported(): Promise<void> {
  await call('/api/v2/events?limit=1');
  await exportEvents(services(), file, silent);
}

async function inNats<T>(work: (link: NatsLink) => Promise<T>): Promise<T> {
  const link = await NatsLink.connect({ url: world.nats.url, name: 'test' });
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

/** Every message of EVENTS with its place. */
const logged = () =>
  inNats(async (link) => {
    const log = new JetStreamEventLog(link);
    const last = await log.lastSequence();
    const found: [number, string][] = [];
    for await (const { sequence, raw } of log.follow(1)) {
      found.push([sequence, raw]);
      if (sequence >= last) return found;
    }
    return found;
  });

/** Everything but the file is gone. */
async function anew(parts: readonly ('nats' | 'postgres')[]): Promise<void> {
  await world.api.stop();
  await world.controlPlane.stop();
  for (const part of parts) {
    await world[part].stop();
    rmSync(join(world.dir, part), { recursive: true });
  }
  if (parts.includes('nats')) world.nats = await startEmbeddedNats({ dir: join(world.dir, 'nats') });
  if (parts.includes('postgres')) world.postgres = await startEmbeddedPostgres({ dir: join(world.dir, 'postgres') });
}

beforeAll(async () => {
  world = await ApiUnderTest.start();
  file = join(world.dir, 'events.jsonl');
  templateId = await push();
  for (let n = 0; n < 5; n++) await start();
}, 60_000);

afterAll(() => world.stop(), 30_000);

async function push(): Promise<string> {
  const bytes = Buffer.from('disk');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await fetch(`${world.api.url}/blobs/${digest}`, { method: 'PUT', body: bytes });
  const template = { name: 't', tag: 'v1', arch: 'amd64', disk: { digest, sizeBytes: bytes.length } };
  const pushed = await call<{ id: string }>('/api/v2/templates', { ...template, cpu: 1, memoryMiB: 128, forwards: [] });
  return pushed.id;
}

describe('events import', () => {
  test('makes an installation go on that has lost everything but an export', async () => {
    const [before, events] = [await list(), await logged()];
    await exported();
    await anew(['nats', 'postgres']);
    const said: string[] = [];
    await importEvents(services(), file, (line) => void said.push(line));
    expect(said.join('\n')).toContain(`EVENTS ends at sequence ${events.length}; COMMANDS goes on behind`);
    expect(await logged()).toEqual(events);

    await world.migrate();
    world.api = await world.startApi();
    world.controlPlane = await BareControlPlane.start(world.nats.url);
    await world.ready();
    expect(await list()).toBe(before);
    const { body } = await start();
    expect(await list()).toContain(body[0]);
    expect(await verifyEvents(services(), { withoutLog: false, say: silent })).toBe(true);
    expect((await logged()).slice(0, events.length)).toEqual(events);
  }, 120_000);

  test('lets an archive that has outlived its log go on with the new one', async () => {
    await exported();
    const events = await logged();
    await anew(['nats']);
    const said: string[] = [];
    await importEvents(services(), file, (line) => void said.push(line));
    expect(said.join('\n')).toContain('npm run rebuild');
    expect(await logged()).toEqual(events);
    expect(await verifyEvents(services(), { withoutLog: false, say: silent })).toBe(true);
  }, 120_000);

  test('refuses a log that is not empty, a damaged file, and an archive of something else', async () => {
    await expect(importEvents(services(), file, silent)).rejects.toThrow('stream EVENTS ends at sequence');
    const text = readFileSync(file, 'utf8');
    const damaged = join(world.dir, 'damaged.jsonl');
    writeFileSync(damaged, text.replace('StartVM', 'StopVM'));
    await expect(importEvents(services(), damaged, silent)).rejects.toThrow('Nothing was imported');
    writeFileSync(damaged, text.replace('"first":1', '"first":2'));
    await expect(importEvents(services(), damaged, silent)).rejects.toThrow('must be more than 1');
    const other = join(world.dir, 'other.jsonl');
    writeFileSync(other, withoutLast());
    await expect(importEvents(services(), other, silent)).rejects.toThrow('the database has an archive already');
  });
});

/** Of the export that there is, the header and the lines of events. */
function exportedLines(): { header: ExportHeader; lines: string[] } {
  const [first = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n').slice(0, -1);
  return { header: JSON.parse(first) as ExportHeader, lines };
}

function hashOver(lines: readonly string[], anchor: string): string {
  let hash = Buffer.from(anchor, 'hex');
  for (const line of lines) {
    const { sequence } = JSON.parse(line) as { sequence: number };
    hash = linkHash(hash, sequence, line.slice(`{"sequence":${sequence},"event":`.length, -1)) as typeof hash;
  }
  return hash.toString('hex');
}

/** An export of these events: right in itself. */
function exportOf(header: ExportHeader, lines: readonly string[]): string {
  const trailer = trailerLine({ count: lines.length, hash: hashOver(lines, header.anchor) });
  return [headerLine(header), ...lines, trailer].join('\n');
}

function withoutLast(): string {
  const { header, lines } = exportedLines();
  return exportOf({ ...header, last: header.last - 1 }, lines.slice(0, -1));
}

describe('an export that begins behind sequence 1', () => {
  const emptyNats = async <T>(name: string, work: (url: string) => Promise<T>): Promise<T> => {
    const server = await startEmbeddedNats({ dir: join(world.dir, name) });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  };
  const noDatabase = 'postgres://127.0.0.1:1/none';

  test('is refused when days were dropped before it, in words that say what to do', async () => {
    const { header, lines } = exportedLines();
    const dropped = join(world.dir, 'dropped.jsonl');
    const anchor = hashOver(lines.slice(0, 2), header.anchor);
    writeFileSync(dropped, exportOf({ ...header, first: 3, anchor }, lines.slice(2)));
    await emptyNats('dropped', async (url) => {
      const into = { MUSTER_NATS_URL: url, MUSTER_DATABASE_URL: noDatabase };
      const refusal = importEvents(into, dropped, silent);
      await expect(refusal).rejects.toThrow('it begins at sequence 3, because the archive had dropped its first days');
      await expect(refusal).rejects.toThrow('put back a backup of the folder of NATS');
    });
  }, 60_000);

  test('is taken when nothing was ever before it: it was begun with a log that had been cut', async () => {
    const { header, lines } = exportedLines();
    const begun = join(world.dir, 'begun.jsonl');
    writeFileSync(begun, exportOf({ ...header, first: 3 }, [...lines.slice(2, 3), ...lines.slice(4)]));
    // The archive beside it is another one.
    const refusal = 'the database has an archive already';
    await emptyNats('begun', async (url) => {
      const into = { MUSTER_NATS_URL: url, MUSTER_DATABASE_URL: world.postgres.url };
      await expect(importEvents(into, begun, silent)).rejects.toThrow(refusal);
      await world.api.stop();
      await inDatabase('ALTER SCHEMA archive RENAME TO archive_put_aside');
      try {
        await importEvents(into, begun, silent);
      } finally {
        await inDatabase('ALTER SCHEMA archive_put_aside RENAME TO archive');
      }
      const link = await NatsLink.connect({ url, name: 'test' });
      const sequences: number[] = [];
      for await (const { sequence } of new JetStreamEventLog(link).follow(1)) {
        sequences.push(sequence);
        if (sequence === header.last) break;
      }
      await link.close();
      expect(sequences).toEqual([3, ...Array.from({ length: header.last - 4 }, (_, n) => n + 5)]);
    });
  }, 60_000);
});

async function inDatabase(text: string): Promise<void> {
  const pool = openPool(world.postgres.url, 1);
  await pool.query(text);
  await pool.end();
}
