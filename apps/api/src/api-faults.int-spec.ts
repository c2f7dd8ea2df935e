import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ApiUnderTest } from '../../../test/support/api-under-test.js';
import { BareControlPlane } from '../../../test/support/bare-control-plane.js';
import { until } from '../../../test/support/until.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../../tools/services/index.js';
import { freePort } from '../../../tools/services/ports.js';

let world: ApiUnderTest;

beforeAll(async () => {
  world = await ApiUnderTest.start();
}, 60_000);

afterAll(() => world.stop(), 30_000);

const call = (path: string, init?: RequestInit) => fetch(`${world.api.url}${path}`, init);
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const push = (body: unknown, headers: Record<string, string> = {}) =>
  call('/api/v2/templates', { method: 'POST', body: JSON.stringify(body), headers });

async function template(name: string) {
  const bytes = Buffer.from(`disk of ${name}`);
  const uploaded = await call(`/blobs/${digestOf(bytes)}`, { method: 'PUT', body: bytes });
  return { name, tag: 'v1', arch: 'amd64', disk: await uploaded.json(), cpu: 1, memoryMiB: 128 };
}

const away = async (): Promise<string[]> => {
  const answer = (await (await call('/readyz')).json()) as { away?: Record<string, string> };
  return Object.keys(answer.away ?? {});
};

describe('a second replica', () => {
  test('shows what was written through it at once, although the first one projects', async () => {
    const second = await world.startApi();
    try {
      await world.ready(second);
      const body = await template('replicated');
      const began = performance.now();
      const pushed = await fetch(`${second.url}/api/v2/templates`, { method: 'POST', body: JSON.stringify(body) });
      expect(pushed.status).toBe(201);
      expect(performance.now() - began).toBeLessThan(900);
      const listed = (await (await call('/api/v2/templates')).json()) as { name: string }[];
      expect(listed.map(({ name }) => name)).toContain('replicated');
    } finally {
      await second.stop();
    }
  });
});

describe('the loss of a part', () => {
  test('of the control plane is named; what was asked meanwhile is carried out later', async () => {
    await world.controlPlane.stop();
    await until('the loss is named', async () => (await away()).includes('control-plane'), 10_000);
    expect(await away()).toEqual(['control-plane']);
    const asked = push(await template('queued'), { 'idempotency-key': 'queued-1' });
    world.controlPlane = await BareControlPlane.start(world.nats.url);
    const answer = await asked;
    expect([201, 503]).toContain(answer.status);
    await world.ready();
    const again = await push(await template('queued'), { 'idempotency-key': 'queued-1' });
    expect([again.status, ((await again.json()) as { versions: unknown[] }).versions.length]).toEqual([201, 1]);
  }, 40_000);

  test('of Postgres is named, and over when it is back', async () => {
    const { port } = world.postgres;
    await world.postgres.stop();
    await until('the loss is named', async () => (await away()).includes('postgres'), 10_000);
    const read = await call('/api/v2/templates');
    expect([read.status, read.headers.get('retry-after')]).toEqual([503, '2']);
    expect(((await (await call('/api/v1/vm')).json()) as { status: string }).status).toBe('FAIL');
    expect((await call('/livez')).status).toBe(200);
    world.postgres = await startEmbeddedPostgres({ dir: join(world.dir, 'postgres'), port, keepPort: true });
    await world.ready();
    expect((await push(await template('after-postgres'))).status).toBe(201);
  }, 60_000);

  test('of NATS is named, and over when it is back', async () => {
    const { port } = world.nats;
    await world.nats.stop();
    await until('the loss is named', async () => (await away()).includes('nats'), 10_000);
    expect((await call('/api/v2/templates')).status).toBe(200);
    const write = await push(await template('during'));
    expect([write.status, write.headers.get('retry-after')]).toEqual([503, '2']);
    world.nats = await startEmbeddedNats({ dir: join(world.dir, 'nats'), port });
    await world.ready();
    expect((await push(await template('after-nats'))).status).toBe(201);
  }, 60_000);
});

describe('a start', () => {
  test('needs nobody: the doors open, say what is away, and work once it is there', async () => {
    const port = await freePort();
    const api = await world.startApi({ MUSTER_NATS_URL: `nats://127.0.0.1:${port}` });
    const nats: { stop(): Promise<void> } = { stop: async () => undefined };
    try {
      const first = await fetch(`${api.url}/readyz`);
      expect(first.status).toBe(503);
      expect(first.headers.get('retry-after')).toBe('2');
      const { away: parts } = (await first.json()) as { away: Record<string, string> };
      expect(Object.keys(parts)).toContain('nats');
      expect((await fetch(`${api.url}/livez`)).status).toBe(200);
      const late = await startEmbeddedNats({ dir: join(world.dir, 'late-nats'), port });
      nats.stop = () => late.stop();
      const isBack = async () => {
        const { away: now } = (await (await fetch(`${api.url}/readyz`)).json()) as { away: Record<string, string> };
        return now['nats'] === undefined;
      };
      await until('NATS is seen', isBack, 15_000);
    } finally {
      await api.stop();
      await nats.stop();
    }
  }, 60_000);
});

describe('an end', () => {
  test('lets requests in flight finish and does not wait for idle connections', async () => {
    const api = await world.startApi();
    await world.ready(api);
    const { hostname, port } = new URL(api.url);
    const idle = connect(Number(port), hostname);
    idle.on('error', () => undefined).write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    const bytes = new Uint8Array(randomBytes(64));
    const slow = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const byte of bytes) {
          controller.enqueue(Uint8Array.of(byte));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        controller.close();
      },
    });
    const inFlight = fetch(`${api.url}/blobs/${digestOf(bytes)}`, {
      method: 'PUT',
      body: slow,
      duplex: 'half',
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    const stopped = api.stop();
    expect((await inFlight).status).toBe(201);
    await stopped;
    expect(performance.now() - began).toBeLessThan(3_000);
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow();
    idle.destroy();
  }, 30_000);
});
