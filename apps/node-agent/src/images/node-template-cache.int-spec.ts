import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../drivers/clock.system.js';
import type { Clock } from '../drivers/clock.js';
import type { TemplateImage } from '../drivers/driver.js';
import { HttpBlobSource } from './blob-source.http.js';
import { NodeTemplateCache, STALL_MS, type NodeTemplateCacheOptions } from './node-template-cache.js';
import { BlobServer } from './testing/blob-server.js';

const never = new AbortController().signal;
const quiet = (): void => undefined;

/** Pauses between attempts take no time; a stall is noticed at once when the test says so. */
class HastyClock implements Clock {
  stallsNow = false;
  now = (): number => systemClock.now();
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms < STALL_MS ? 1 : this.stallsNow ? 50 : ms, signal);
  }
}

/** Bytes that QEMU could take for a disk. */
function disk(sizeBytes: number, fill = 0): Buffer {
  const bytes = Buffer.alloc(sizeBytes, fill);
  bytes.fill(0, 0, 112);
  bytes.writeUInt32BE(0x514649fb, 0);
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(1n << 29n, 24);
  bytes.writeUInt32BE(104, 100);
  return bytes;
}

describe('the template cache of a node', () => {
  let nodeDir: string;
  let server: BlobServer;
  let apiUrl: string;
  let clock: HastyClock;

  beforeEach(async () => {
    nodeDir = mkdtempSync(join(tmpdir(), 'muster-cache-'));
    clock = new HastyClock();
    server = new BlobServer();
    apiUrl = await server.listen();
  });

  afterEach(async () => {
    await server.close();
    rmSync(nodeDir, { recursive: true, force: true });
  });

  const makeCache = (options: Partial<NodeTemplateCacheOptions> = {}): NodeTemplateCache =>
    new NodeTemplateCache({ nodeDir, source: new HttpBlobSource({ apiUrl }), clock, ...options });
  const image = (templateId: string, parts: Partial<TemplateImage> & Pick<TemplateImage, 'disk'>): TemplateImage => ({
    templateId,
    tag: 'v1',
    ...parts,
  });
  const files = (): string[] => readdirSync(join(nodeDir, 'blobs')).sort();
  const path = (digest: string): string => join(nodeDir, 'blobs', digest.replace(':', '-'));

  it('holds a template once all its files are here and verified', async () => {
    const parts = { disk: server.offer(disk(300_000)), kernel: server.offer(Buffer.alloc(1000, 'k')) };
    const cache = makeCache();
    const told: number[] = [];
    expect(await cache.list()).toEqual([]);
    await cache.ensure(image('t1', parts), (fraction) => told.push(fraction), never);
    expect(await cache.list()).toEqual([{ templateId: 't1', tag: 'v1', sizeBytes: 301_000 }]);
    expect(readFileSync(path(parts.disk.digest))).toEqual(server.blobs.get(parts.disk.digest));
    expect(statSync(path(parts.disk.digest)).mode & 0o777).toBe(0o444);
    expect(told.at(-1)).toBe(1);
    expect(await makeCache().list()).toHaveLength(1);
  });

  it('asks for nothing twice', async () => {
    const template = image('t1', { disk: server.offer(disk(1000)) });
    const cache = makeCache();
    await Promise.all([cache.ensure(template, quiet, never), cache.ensure(template, quiet, never)]);
    await makeCache().ensure(template, quiet, never);
    expect(server.requests).toHaveLength(1);
  });

  it('goes on where a connection broke off', async () => {
    const blob = server.offer(disk(200_000, 7));
    server.cuts = [50_000, 60_000];
    await makeCache().ensure(image('t1', { disk: blob }), quiet, never);
    const offsets = server.requests.map((request) => Number(/bytes=(\d+)-$/.exec(request)?.[1] ?? 0));
    expect(offsets).toHaveLength(3);
    expect(offsets[0]).toBe(0);
    expect(offsets[2]).toBeGreaterThan(0);
    expect(readFileSync(path(blob.digest))).toEqual(server.blobs.get(blob.digest));
  });

  it('goes on where an earlier life of the agent stopped', async () => {
    const blob = server.offer(disk(200_000, 7));
    const caller = new AbortController();
    server.cuts = [120_000];
    server.refusals = [];
    const pull = makeCache().ensure(image('t1', { disk: blob }), () => caller.abort(), caller.signal);
    await expect(pull).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(files()).toEqual([`${blob.digest.replace(':', '-')}.partial`]);
    await makeCache().ensure(image('t1', { disk: blob }), quiet, never);
    expect(server.requests.at(-1)).toMatch(/bytes=\d+-$/);
  });

  it('begins anew with a store that cannot resume', async () => {
    const blob = server.offer(disk(200_000, 7));
    server.canResume = false;
    server.cuts = [50_000];
    await makeCache().ensure(image('t1', { disk: blob }), quiet, never);
    expect(readFileSync(path(blob.digest))).toEqual(server.blobs.get(blob.digest));
  });

  it('begins anew when nothing arrives any more', async () => {
    const blob = server.offer(disk(1000));
    clock.stallsNow = true;
    server.isMute = true;
    setTimeout(() => (server.isMute = false), 100);
    await makeCache().ensure(image('t1', { disk: blob }), quiet, never);
    expect(server.requests.length).toBeGreaterThan(1);
  });

  it('tries again after a fault of the store, and gives up in the end', async () => {
    const template = image('t1', { disk: server.offer(disk(1000)) });
    server.refusals = [503, 429, 500];
    await makeCache().ensure(template, quiet, never);
    server.refusals = [503, 503, 503, 503, 503];
    const other = image('t2', { disk: server.offer(disk(1001)) });
    await expect(makeCache().ensure(other, quiet, never)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      retryable: true,
    });
  });

  it('says at once that the store does not have it, or does not let us', async () => {
    const template = image('t1', { disk: { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 5 } });
    await expect(makeCache().ensure(template, quiet, never)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    server.refusals = [403];
    await expect(makeCache().ensure(template, quiet, never)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      retryable: false,
    });
    expect(server.requests).toHaveLength(2);
  });

  it('takes no bytes but those of the digest, and keeps none of them', async () => {
    const blob = server.offer(disk(1000));
    server.blobs.set(blob.digest, disk(1000, 1));
    await expect(makeCache().ensure(image('t1', { disk: blob }), quiet, never)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
    });
    server.blobs.set(blob.digest, disk(1001));
    await expect(makeCache().ensure(image('t1', { disk: blob }), quiet, never)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
    });
    expect(await makeCache().list()).toEqual([]);
    expect(existsSync(path(blob.digest))).toBe(false);
  });

  it('drops a beginning that was spoilt on the disk', async () => {
    const blob = server.offer(disk(200_000, 7));
    makeCache();
    writeFileSync(`${path(blob.digest)}.partial`, Buffer.alloc(100, 'x'));
    await makeCache().ensure(image('t1', { disk: blob }), quiet, never);
    expect(server.requests.map((request) => request.replace(/^GET \S+ ?/, ''))).toEqual(['bytes=100-', '']);
  });

  it('refuses a disk that QEMU must not open', async () => {
    const hostile = disk(1000);
    hostile.writeBigUInt64BE(112n, 8);
    const template = image('t1', { disk: server.offer(hostile) });
    await expect(makeCache().ensure(template, quiet, never)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      retryable: false,
    });
    expect(files()).toEqual([]);
  });

  it('pulls nothing for which there is no room', async () => {
    const template = image('t1', { disk: server.offer(disk(1000)) });
    const cache = makeCache({ reserveBytes: Number.MAX_SAFE_INTEGER });
    await expect(cache.ensure(template, quiet, never)).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(server.requests).toEqual([]);
  });

  it('follows no redirect', async () => {
    server.refusals = [302, 302, 302, 302, 302];
    const template = image('t1', { disk: server.offer(disk(1000)) });
    await expect(makeCache().ensure(template, quiet, never)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await makeCache().list()).toEqual([]);
  });

  it('removes a template, and its files unless another template needs them', async () => {
    const kernel = server.offer(Buffer.alloc(10, 'k'));
    const [one, two] = [server.offer(disk(1000)), server.offer(disk(2000))];
    const cache = makeCache();
    await cache.ensure(image('t1', { disk: one, kernel }), quiet, never);
    await cache.ensure(image('t2', { disk: two, kernel }), quiet, never);
    await cache.remove('t1');
    expect(await cache.list()).toEqual([{ templateId: 't2', tag: 'v1', sizeBytes: 2010 }]);
    expect(files()).toEqual([kernel, two].map(({ digest }) => digest.replace(':', '-')).sort());
    await cache.remove('t2', 'v2');
    expect(await cache.list()).toHaveLength(1);
    await cache.remove('t2', 'v1');
    await cache.remove('absent');
    expect(files()).toEqual([]);
  });

  it('does not list a template whose file has gone, and mends it', async () => {
    const template = image('t1', { disk: server.offer(disk(1000)) });
    const cache = makeCache();
    await cache.ensure(template, quiet, never);
    rmSync(path(template.disk.digest));
    expect(await cache.list()).toEqual([]);
    await cache.ensure(template, quiet, never);
    expect(await cache.list()).toHaveLength(1);
  });

  it('survives a spoilt index', async () => {
    await makeCache().ensure(image('t1', { disk: server.offer(disk(1000)) }), quiet, never);
    writeFileSync(join(nodeDir, 'templates.json'), '{"half":');
    expect(await makeCache().list()).toEqual([]);
  });
});
