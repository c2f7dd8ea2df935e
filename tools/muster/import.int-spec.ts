import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS_STREAM, EVENTS_STREAM } from '#events';
import { JetStreamEventLog, JetStreamLogRestore, NatsLink } from '#events/jetstream';
import { linkHash } from '../../apps/api/src/archive/chain.js';
import { type ExportHeader, headerLine, trailerLine } from '../../apps/api/src/archive/export-file.js';
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

/** The same export without its last event: right in itself. */
function withoutLast(): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(0, -2);
  const header = JSON.parse(lines[0] ?? '') as ExportHeader;
  const last = header.last - 1;
  let hash = Buffer.from(header.anchor, 'hex');
  for (const line of lines.slice(1)) {
    const { sequence } = JSON.parse(line) as { sequence: number };
    hash = linkHash(hash, sequence, line.slice(`{"sequence":${sequence},"event":`.length, -1)) as typeof hash;
  }
  const trailer = trailerLine({ count: lines.length - 1, hash: hash.toString('hex') });
  return [headerLine({ ...header, last }), ...lines.slice(1), trailer].join('\n');
}

describe('the restore of a log', () => {
  test('leaves the sequences free that the old log did not have, and closes the log to changes', async () => {
    const nats = await startEmbeddedNats({ dir: join(world.dir, 'holes') });
    const link = await NatsLink.connect({ url: nats.url, name: 'test' });
    const restore = await JetStreamLogRestore.begin(link);
    const event = { noun: 'vm', subjectId: 'vm.1', type: 'VMStarted' };
    await restore.append({ ...event, sequence: 3, text: 'three' });
    await restore.append({ ...event, sequence: 5, text: 'five' });
    await restore.end(41);
    const log = new JetStreamEventLog(link);
    const found: [number, string][] = [];
    for await (const { sequence, raw } of log.follow(1)) {
      found.push([sequence, raw]);
      if (sequence === 5) break;
    }
    expect(found).toEqual([
      [3, 'three'],
      [5, 'five'],
    ]);
    const stream = async (name: string) =>
      (await link.nc.request(`$JS.API.STREAM.INFO.${name}`)).json<{ config: object; state: object }>();
    expect((await stream(EVENTS_STREAM)).config).toMatchObject({ deny_delete: true, deny_purge: true });
    expect((await stream(COMMANDS_STREAM)).state).toMatchObject({ last_seq: 41 });
    await link.close();
    await nats.stop();
  }, 60_000);
});
