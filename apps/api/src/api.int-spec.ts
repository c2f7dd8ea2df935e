import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../../tools/services/index.js';
import { freePort } from '../../../tools/services/ports.js';
import { ApiUnderTest } from '../../../test/support/api-under-test.js';
import { BareControlPlane } from '../../../test/support/bare-control-plane.js';
import { until } from '../../../test/support/until.js';
import { join } from 'node:path';

let world: ApiUnderTest;

beforeAll(async () => {
  world = await ApiUnderTest.start({ ANKA_ENABLE_METRICS: 'true', ANKA_METRICS_PORT: '0' });
}, 60_000);

afterAll(() => world.stop(), 30_000);

const call = (path: string, init?: RequestInit) => fetch(`${world.api.url}${path}`, init);
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function upload(bytes: Uint8Array<ArrayBuffer>): Promise<{ digest: string; sizeBytes: number }> {
  const response = await call(`/blobs/${digestOf(bytes)}`, { method: 'PUT', body: bytes });
  expect([200, 201]).toContain(response.status);
  return (await response.json()) as { digest: string; sizeBytes: number };
}

const push = (body: unknown, headers: Record<string, string> = {}) =>
  call('/api/v2/templates', { method: 'POST', body: JSON.stringify(body), headers });

async function template(name: string, tag = 'v1') {
  const disk = await upload(new Uint8Array(Buffer.from(`disk of ${name} ${tag}`)));
  return { name, tag, arch: 'amd64', disk, cpu: 1, memoryMiB: 128, forwards: [{ name: 'ssh', guestPort: 22 }] };
}

const away = async (): Promise<string[]> => {
  const answer = (await (await call('/readyz')).json()) as { away?: Record<string, string> };
  return Object.keys(answer.away ?? {});
};

describe('the shell', () => {
  test('says that it lives and is ready, and gives figures, also on a port of their own', async () => {
    expect((await call('/livez')).status).toBe(200);
    expect(await (await call('/readyz')).json()).toEqual({ ready: true });
    const figures = await (await call('/metrics')).text();
    for (const name of ['muster_http_request_duration_seconds', 'muster_projection_sequence', 'process_cpu'])
      expect(figures).toContain(name);
    expect(figures).toContain('muster_part_available{part="nats"} 1');
    const own = await fetch(`http://127.0.0.1:${world.api.metricsPort}/metrics`);
    expect(await own.text()).toContain('muster_projection_sequence');
    expect((await fetch(`http://127.0.0.1:${world.api.metricsPort}/other`)).status).toBe(404);
  });

  test('answers an unknown route with a plain 404, also below a dialect', async () => {
    for (const path of ['/nope', '/api/v2/nope', '/api/v1/nope', '/api/v1']) {
      const response = await call(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect((await response.text()).trim()).toBe('404 page not found');
    }
  });

  test('reads a body as JSON whatever its type says', async () => {
    const body = JSON.stringify({ name: 1 });
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense']) {
      const response = await call('/api/v2/templates', { method: 'POST', body, headers: { 'content-type': type } });
      expect([type, response.status]).toEqual([type, 400]);
      expect(await response.json()).toMatchObject({ title: 'The body is not valid' });
    }
  });

  test('refuses a body that is no JSON or too large, in the words of the dialect', async () => {
    const big = JSON.stringify({ name: 'x'.repeat(8 * 1024 * 1024) });
    const own = await call('/api/v2/templates', { method: 'POST', body: '{"name":' });
    expect(own.status).toBe(400);
    expect(own.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await call('/api/v2/templates', { method: 'POST', body: big })).status).toBe(413);
    const anka = await call('/api/v1/vm', { method: 'POST', body: '{"vmid":' });
    expect([anka.status, ((await anka.json()) as { status: string }).status]).toEqual([400, 'FAIL']);
    expect((await call('/api/v1/vm', { method: 'POST', body: big })).status).toBe(413);
  });

  test('sends back the id by which a request can be found in the log', async () => {
    const idFor = async (headers: Record<string, string>) =>
      (await call('/livez', { headers })).headers.get('x-request-id');
    expect(await idFor({ 'x-request-id': 'build-7' })).toBe('build-7');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(await idFor({ traceparent: `00-${trace}-00f067aa0ba902b7-01` })).toBe(trace);
    expect(await idFor({ 'x-request-id': 'has spaces in it' })).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('templates', () => {
  test('are pushed once their blobs are there, and seen at once', async () => {
    const body = await template('pushed');
    const unknown = { digest: digestOf(randomBytes(8)), sizeBytes: 8 };
    const early = await push({ ...body, kernel: unknown });
    expect([early.status, ((await early.json()) as { missing: string[] }).missing]).toEqual([409, [unknown.digest]]);
    expect((await push({ ...body, disk: { ...body.disk, sizeBytes: 1 } })).status).toBe(400);
    const pushed = await push(body);
    expect(pushed.status).toBe(201);
    const row = (await pushed.json()) as { id: string; versions: { tag: string }[] };
    expect(row.versions.map(({ tag }) => tag)).toEqual(['v1']);
    const listed = (await (await call('/api/v2/templates')).json()) as { id: string }[];
    expect(listed.map(({ id }) => id)).toContain(row.id);
    expect(((await (await push(body)).json()) as { versions: unknown[] }).versions).toHaveLength(1);
    const second = (await (await push(await template('pushed', 'v2'))).json()) as typeof row;
    expect([second.id, second.versions.map(({ tag }) => tag)]).toEqual([row.id, ['v1', 'v2']]);
    const other = await template('pushed', 'v3');
    const taken = await push({ ...other, tag: 'v1' });
    expect([taken.status, ((await taken.json()) as { code: string }).code]).toEqual([409, 'TAG_EXISTS']);
  });

  test('that are not valid are refused with every reason, before and by the control plane', async () => {
    const body = await template('invalid');
    const bad = await push({
      ...body,
      cpu: 'two',
      arch: 'sparc',
      disk: { digest: 'sha256:x', sizeBytes: 0 },
      extra: 1,
    });
    const { invalid } = (await bad.json()) as { invalid: string[] };
    expect(bad.status).toBe(400);
    for (const part of ['cpu', 'arch', 'disk.digest', 'disk.sizeBytes', 'extra'])
      expect(invalid.some((sentence) => sentence.startsWith(part) || sentence.includes(part))).toBe(true);
    expect(await (await push({ ...body, cpu: 100_000 })).json()).toMatchObject({ status: 400, code: 'OUT_OF_RANGE' });
    expect((await push(body, { 'idempotency-key': 'x'.repeat(500) })).status).toBe(400);
  });
});

describe('blobs', () => {
  test('come back as they went in, in whole and in part', async () => {
    const bytes = new Uint8Array(randomBytes(20 * 1024 * 1024));
    const { digest, sizeBytes } = await upload(bytes);
    expect(sizeBytes).toBe(bytes.length);
    const path = `/blobs/${digest}`;
    const head = await call(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    expect(digestOf(new Uint8Array(await (await call(path)).arrayBuffer()))).toBe(digest);
    const part = await call(path, { headers: { range: 'bytes=1000-1999' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(bytes.subarray(1000, 2000)))).toBe(true);
    const etag = head.headers.get('etag') ?? '';
    const rest = await call(path, { headers: { range: `bytes=${bytes.length - 10}-`, 'if-range': etag } });
    expect([rest.status, (await rest.arrayBuffer()).byteLength]).toEqual([206, 10]);
    const other = await call(path, { headers: { range: 'bytes=5-9', 'if-range': '"other"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, bytes.length]);
    const beyond = await call(path, { headers: { range: `bytes=${bytes.length}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await call(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('that are not what they are called are not kept, and no name leads elsewhere', async () => {
    const digest = digestOf(Buffer.from('one thing'));
    const wrong = await call(`/blobs/${digest}`, { method: 'PUT', body: 'another thing' });
    expect(wrong.status).toBe(400);
    expect((await call(`/blobs/${digest}`)).status).toBe(404);
    for (const name of ['..%2f..%2fetc%2fpasswd', 'sha256:..', 'sha256:' + 'A'.repeat(64), 'sha256%3A%2e%2e']) {
      expect([name, (await call(`/blobs/${name}`)).status]).toEqual([name, 404]);
      expect((await call(`/blobs/${name}`, { method: 'PUT', body: 'x' })).status).toBe(400);
    }
  });
});

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
    const nats = { stop: async () => undefined as void };
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
    } as RequestInit);
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
