import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { push as pushFiles } from '../../../tools/template/push.js';
import { ApiUnderTest } from '../../../test/support/api-under-test.js';

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

describe('the registry', () => {
  const registry = (path: string) => fetch(`${world.api.registryUrl}/${path}`);

  test('answers on its own port what the main one does not know, and the other way round', async () => {
    expect(await (await registry('registry/status')).json()).toMatchObject({ body: { status: 'Running' } });
    expect((await call('/registry/status')).status).toBe(404);
    for (const path of ['api/v1/status', 'metrics', 'docs', 'blobs/x', 'api/v2/templates'])
      expect([path, (await registry(path)).status]).toEqual([path, 404]);
    expect((await registry('livez')).status).toBe(200);
    expect(await (await registry('readyz')).json()).toEqual({ ready: true });
    const { free, total } = ((await (await registry('registry/disk')).json()) as { body: Record<string, number> }).body;
    expect(free).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(free ?? 0);
  });

  test('is where the controller says that it is', async () => {
    const { body } = (await (await call('/api/v1/status')).json()) as { body: Record<string, string> };
    expect(body).toMatchObject({ registry_status: 'Running', registry_address: world.api.registryUrl });
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

describe('the push tool', () => {
  test('uploads what is missing, adds the version, and changes nothing the second time', async () => {
    const disk = join(world.dir, 'disk.qcow2');
    writeFileSync(disk, randomBytes(3_000_000));
    const order = { name: 'by-tool', tag: 'v1', arch: 'amd64', cpu: 1, memoryMiB: 128, forwards: [] } as const;
    const said: string[] = [];
    const first = await pushFiles(world.api.url, { ...order, files: { disk } }, (line) => said.push(line));
    const second = await pushFiles(world.api.url, { ...order, files: { disk } }, (line) => said.push(line));
    expect(second).toEqual(first);
    expect(said).toHaveLength(1);
    writeFileSync(disk, 'another disk');
    await expect(pushFiles(world.api.url, { ...order, files: { disk } })).rejects.toThrow('TAG_EXISTS');
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
