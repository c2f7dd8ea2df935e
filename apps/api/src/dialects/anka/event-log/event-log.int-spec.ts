import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { ApiUnderTest } from '../../../../../../test/support/api-under-test.js';
import { until } from '../../../../../../test/support/until.js';
import type { RunningApi } from '../../../start-api.main.js';

/** A receiver that fails now and then, and loses the answer now and then: each third and seventh time. */
class Receiver {
  readonly taken: Record<string, unknown>[] = [];
  readonly authorizations = new Set<string | undefined>();
  readonly sockets = new Set<number | undefined>();
  isAway = false;
  private requests = 0;
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      this.authorizations.add(request.headers.authorization);
      const n = ++this.requests;
      if (this.isAway || n % 3 === 0) return void response.writeHead(n % 2 === 0 ? 500 : 429).end('no');
      if (n % 7 === 0) return void request.socket.destroy();
      this.taken.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(204).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as { port: number };
    return `http://ci:s3cret@127.0.0.1:${port}/events`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  of(name: string): Record<string, unknown>[] {
    return this.taken.filter((record) => record['name'] === name);
  }
}

const LIMIT_MS = 60_000;
let world: ApiUnderTest;
let second: RunningApi | undefined;
const receiver = new Receiver();
let env: Record<string, string>;

beforeAll(async () => {
  env = {
    ANKA_ENABLE_EVENT_LOGGING: 'true',
    ANKA_EVENT_LOG_URL: await receiver.listen(),
    ANKA_ENABLE_CENTRAL_LOGGING: 'true',
    // A receiver that fails so often would count as away for half a minute otherwise.
    ANKA_NUM_HTTP_RETRIES: '50',
  };
  world = await ApiUnderTest.start(env);
  await until('the places are kept', async () => (await bookmarks()) >= 2, LIMIT_MS);
}, 60_000);
afterAll(async () => {
  await second?.stop();
  await world.stop();
  receiver.stop();
}, 60_000);

async function bookmarks(): Promise<number> {
  const { connect } = await import('@nats-io/transport-node');
  const connection = await connect({ servers: world.nats.url });
  try {
    const answer = await connection.request('$JS.API.STREAM.INFO.KV_muster_bookmarks', '');
    return answer.json<{ state: { messages: number } }>().state.messages;
  } finally {
    await connection.close();
  }
}

const post = async (path: string, body: object, api = world.api) => {
  const answer = await fetch(`${api.url}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect([200, 201]).toContain(answer.status);
  return (await answer.json()) as { id: string; body: string[] };
};

const end = async (id: string, api = world.api) => {
  const answer = await fetch(`${api.url}/api/v1/vm`, { method: 'DELETE', body: JSON.stringify({ id }) });
  expect(answer.status).toBe(200);
};

async function template(): Promise<string> {
  const { createHash } = await import('node:crypto');
  const bytes = Buffer.from('a disk');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await fetch(`${world.api.url}/blobs/${digest}`, { method: 'PUT', body: bytes });
  const disk = { digest, sizeBytes: bytes.length };
  const asked = { name: 'macos', tag: 'v1', arch: 'arm64', disk, cpu: 1, memoryMiB: 512, forwards: [] };
  return (await post('api/v2/templates', asked)).id;
}

/** Starts and ends so many VMs; their ids. */
async function lives(vmid: string, count: number, api = world.api): Promise<string[]> {
  const ids = (await post('api/v1/vm', { vmid, count, external_id: 'job-7' }, api)).body;
  await Promise.all(ids.map((id) => end(id, api)));
  return ids;
}

const NAMES = ['StartVM', 'TerminateVM', 'VMTerminated'];
/** What the receiver took of each VM, in its order. */
const told = (ids: readonly string[]) =>
  ids.map((id) => receiver.taken.filter((record) => record['instance_id'] === id).map(({ name }) => name));
const allTold = (ids: readonly string[]) => ids.every((_, n) => (told(ids)[n]?.length ?? 0) >= NAMES.length);

test('the event log reaches a receiver that fails now and then: all of it, each VM in order, nothing twice', async () => {
  const vmid = await template();
  const ids = await lives(vmid, 40);
  await until('all is told', async () => allTold(ids), LIMIT_MS);
  for (const names of told(ids)) expect(names).toEqual(NAMES);
  expect(receiver.authorizations).toEqual(new Set([`Basic ${Buffer.from('ci:s3cret').toString('base64')}`]));
  expect(receiver.of('StartVM')[0]).toMatchObject({
    ...{ type: 'apiAction', sub_type: 'vmAction', template_id: vmid, tag: 'v1', external_id: 'job-7', priority: 0 },
    ...{ group_id: null, node_id: null, event_id: expect.any(String), sequence: expect.any(Number) },
  });

  // The same, one to a line, in the file.
  const file = join(world.dir, 'central-logs', 'event', 'event.log');
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  await until('all is in the file', async () => lines().length > receiver.taken.length, LIMIT_MS);
  expect(lines()[0]).toMatch(/^Log file created at: \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/);
  const idsOf = (records: readonly Record<string, unknown>[]) =>
    records.map((record) => String(record['event_id'])).sort();
  const inFile = lines()
    .slice(1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(idsOf(inFile)).toEqual(idsOf(receiver.taken));
}, 120_000);

test('a restart tells nothing again, and another replica takes over while the receiver is away', async () => {
  const vmid = await template();
  const before = receiver.taken.length;
  second = await world.startApi(env);
  await world.ready(second);
  receiver.isAway = true;
  const ids = await lives(vmid, 20);
  await world.api.stop();
  world.api = second;
  second = undefined;
  receiver.isAway = false;
  await until('all is told', async () => allTold(ids), LIMIT_MS);
  const again = await world.startApi(env);
  await world.ready(again);
  await world.api.stop();
  world.api = again;
  const more = await lives(vmid, 5);
  await until('the rest is told', async () => allTold(more), LIMIT_MS);
  for (const names of told([...ids, ...more])) expect(names).toEqual(NAMES);
  const news = receiver.taken.slice(before).filter(({ name }) => NAMES.includes(String(name)));
  expect(news).toHaveLength(NAMES.length * (ids.length + more.length));
}, 120_000);
