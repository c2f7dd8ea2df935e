import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DiskBlobStore } from './blob-store.driver.js';

const DAY_MS = 24 * 3600_000;
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
let dir: string;

beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'muster-blobs-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const leftovers = () => (existsSync(join(dir, 'uploading')) ? readdirSync(join(dir, 'uploading')) : []);
const read = async (store: DiskBlobStore, digest: string, range?: { start: number; end: number }) => {
  const stream = await store.open(digest, range);
  return stream && Buffer.from(await buffer(stream));
};

describe('the blob store', () => {
  test('gives back what it was given, whole or a part, by digest', async () => {
    const store = new DiskBlobStore(dir);
    const bytes = randomBytes(300_000);
    const ref = await store.put(bytes);
    expect(ref).toEqual({ digest: digestOf(bytes), sizeBytes: bytes.length });
    expect(await store.putAs(ref.digest, Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]))).toEqual(ref);
    expect(await store.has(ref.digest)).toBe(bytes.length);
    expect((await read(store, ref.digest))?.equals(bytes)).toBe(true);
    expect((await read(store, ref.digest, { start: 5, end: 9 }))?.equals(bytes.subarray(5, 10))).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  test('takes the same bytes from many at once', async () => {
    const store = new DiskBlobStore(dir);
    const bytes = randomBytes(100_000);
    const refs = await Promise.all(
      Array.from({ length: 20 }, () => store.putAs(digestOf(bytes), Readable.from([bytes]))),
    );
    expect(new Set(refs.map(({ digest }) => digest)).size).toBe(1);
    expect((await read(store, digestOf(bytes)))?.equals(bytes)).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  test('keeps nothing of what has another digest, is too large, breaks off, or has no proper name', async () => {
    const store = new DiskBlobStore(dir, 1000);
    const bytes = randomBytes(500);
    const digest = digestOf(bytes);
    await expect(store.putAs(digest, Readable.from([randomBytes(10)]))).rejects.toMatchObject({ reason: 'digest' });
    await expect(store.put(randomBytes(1001))).rejects.toMatchObject({ reason: 'size' });
    async function* broken() {
      yield bytes.subarray(0, 100);
      throw new Error('the client went away');
    }
    await expect(store.putAs(digest, Readable.from(broken()))).rejects.toThrow('the client went away');
    for (const name of ['../../etc/passwd', `sha256:${'A'.repeat(64)}`, `${digest}/..`, ''])
      await expect(store.putAs(name, Readable.from([bytes]))).rejects.toMatchObject({ reason: 'name' });
    expect(await store.has(digest)).toBeUndefined();
    expect(await store.has('../../etc/passwd')).toBeUndefined();
    expect(await store.open(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
    expect(leftovers()).toEqual([]);
  });

  test('sweeps what is old and nobody names, and nothing else', async () => {
    const store = new DiskBlobStore(dir);
    const upload = (text: string) => store.putAs(digestOf(Buffer.from(text)), Readable.from([Buffer.from(text)]));
    const [named, forgotten, young, disk, renewed, fresh] = await Promise.all([
      store.put(Buffer.from('named')),
      store.put(Buffer.from('forgotten')),
      store.put(Buffer.from('young')),
      upload('disk'),
      upload('renewed'),
      upload('fresh'),
    ]);
    const old = (Date.now() - 2 * DAY_MS) / 1000;
    const age = (shelf: string, { digest }: { digest: string }) => {
      const hex = digest.slice('sha256:'.length);
      utimesSync(join(dir, shelf, hex.slice(0, 2), hex), old, old);
    };
    for (const script of [named, forgotten]) age('scripts', script);
    for (const file of [disk, renewed]) age('files', file);
    expect(await store.renew(renewed.digest)).toBe(7);
    writeFileSync(join(dir, 'uploading', 'interrupted'), 'half');
    utimesSync(join(dir, 'uploading', 'interrupted'), old, old);
    await store.sweepUploads(Date.now() - DAY_MS);
    expect(await store.sweepBlobs(new Set([named.digest]), Date.now() - DAY_MS)).toBe(2);
    const sizes = await Promise.all(
      [named, forgotten, young, disk, renewed, fresh].map(({ digest }) => store.has(digest)),
    );
    expect(sizes).toEqual([5, undefined, 5, undefined, 7, 5]);
    expect(await store.renew(disk.digest)).toBeUndefined();
    expect(leftovers()).toEqual([]);
    age('scripts', named);
    age('files', fresh);
    await Promise.all([store.put(Buffer.from('named')), upload('fresh')]);
    expect(await store.sweepBlobs(new Set(), Date.now() - DAY_MS)).toBe(0);
  });

  test('is unavailable, not wrong, when its folder cannot be used', async () => {
    writeFileSync(join(dir, 'a-file'), '');
    const store = new DiskBlobStore(join(dir, 'a-file'));
    await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({ dependency: 'blob-store' });
    await expect(store.has(digestOf(Buffer.from('x')))).rejects.toMatchObject({ dependency: 'blob-store' });
  });
});
