import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type BlobRef, isDigest } from '#domain';
import { Unavailable } from '#events';
import { BlobRejected, type BlobStore, type ByteRange, type DiskRoom, MAX_BLOB_BYTES } from './blob-store.js';

/** `files`: what clients and nodes upload. `scripts`: what doors store for one VM. */
type Shelf = 'files' | 'scripts';
const SHELVES: readonly Shelf[] = ['files', 'scripts'];
const UPLOADS = 'uploading';

/** Blobs as files under one directory: `<shelf>/<first two digits>/<64 digits>`. A file that is there is whole. */
export class DiskBlobStore implements BlobStore {
  constructor(
    private readonly dir: string,
    private readonly maxBytes = MAX_BLOB_BYTES,
  ) {}

  put(content: Uint8Array | Readable): Promise<BlobRef> {
    return this.store('scripts', content instanceof Readable ? content : Readable.from([content]), undefined);
  }

  async putAs(digest: string, content: Readable): Promise<BlobRef> {
    if (!isDigest(digest)) throw new BlobRejected('name', `A blob is named sha256: and 64 hex digits, not "${digest}"`);
    return this.store('files', content, digest);
  }

  async has(digest: string): Promise<number | undefined> {
    return (await this.find(digest))?.sizeBytes;
  }

  async open(digest: string, range?: ByteRange): Promise<Readable | undefined> {
    const found = await this.find(digest);
    if (found === undefined) return undefined;
    const handle = await orUnavailable('open a blob', () => open(found.path, 'r'));
    return createReadStream('', { fd: handle, ...range });
  }

  async room(): Promise<DiskRoom> {
    return orUnavailable('look at the disk', async () => {
      await mkdir(this.dir, { recursive: true });
      const { bavail, blocks, bsize } = await statfs(this.dir);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    });
  }

  async renew(digest: string): Promise<number | undefined> {
    const found = await this.find(digest);
    if (found === undefined) return undefined;
    const isThere = await orUnavailable('renew a blob', () => setAge(found.path).catch(unlessMissing));
    return isThere && found.sizeBytes;
  }

  /** Deletes blobs that were last stored or renewed before `olderThan` (unix ms) and are not in `keep`. Returns how many. */
  async sweepBlobs(keep: ReadonlySet<string>, olderThan: number): Promise<number> {
    let swept = 0;
    for (const shelf of SHELVES) {
      for (const path of await filesBelow(join(this.dir, shelf))) {
        if (keep.has(`sha256:${path.slice(-64)}`) || !(await isOlder(path, olderThan))) continue;
        if (await this.remove(path, olderThan)) swept++;
      }
    }
    return swept;
  }

  /** Off the shelf first, where nobody can renew it; who did so just before gets it back. Another replica may be faster. */
  private async remove(path: string, olderThan: number): Promise<boolean> {
    const aside = join(this.dir, UPLOADS, basename(path));
    await mkdir(dirname(aside), { recursive: true });
    await rename(path, aside).catch(unlessMissing);
    const found = await stat(aside).catch(unlessMissing);
    if (found === undefined) return false;
    const isRenewed = found.mtimeMs >= olderThan;
    await (isRenewed ? rename(aside, path) : rm(aside, { force: true }));
    return !isRenewed;
  }

  /** Deletes what interrupted uploads left before `olderThan` (unix ms). */
  async sweepUploads(olderThan: number): Promise<void> {
    for (const path of await filesBelow(join(this.dir, UPLOADS))) {
      if (await isOlder(path, olderThan)) await rm(path, { force: true });
    }
  }

  private async find(digest: string): Promise<{ path: string; sizeBytes: number } | undefined> {
    if (!isDigest(digest)) return undefined;
    for (const shelf of SHELVES) {
      const path = this.pathOf(shelf, digest);
      const found = await orUnavailable('look for a blob', () => stat(path).catch(unlessMissing));
      if (found !== undefined) return { path, sizeBytes: found.size };
    }
    return undefined;
  }

  /** Only ever called with a digest, which has nothing that a path could be led astray by. */
  private pathOf(shelf: Shelf, digest: string): string {
    const hex = digest.slice('sha256:'.length);
    return join(this.dir, shelf, hex.slice(0, 2), hex);
  }

  private async store(shelf: Shelf, content: Readable, expected: string | undefined): Promise<BlobRef> {
    // Replicas may share the folder, and in containers their process ids are the same.
    const upload = join(this.dir, UPLOADS, randomUUID());
    try {
      const ref = await this.receive(upload, content, expected);
      await orUnavailable('keep a blob', () => this.shelve(upload, this.pathOf(shelf, ref.digest)));
      return ref;
    } catch (cause) {
      content.destroy();
      await rm(upload, { force: true }).catch(() => undefined);
      throw cause;
    }
  }

  /** Writes the bytes to the disk, all of them, and tells what they are. */
  private async receive(upload: string, content: Readable, expected: string | undefined): Promise<BlobRef> {
    await orUnavailable('begin an upload', () => mkdir(dirname(upload), { recursive: true }));
    const file = await orUnavailable('begin an upload', () => open(upload, 'w'));
    try {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const chunk of content as AsyncIterable<Buffer | string>) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        sizeBytes += bytes.length;
        if (sizeBytes > this.maxBytes) throw new BlobRejected('size', `A blob has at most ${this.maxBytes} bytes`);
        hash.update(bytes);
        await orUnavailable('write a blob', () => writeAll(file, bytes));
      }
      const digest = `sha256:${hash.digest('hex')}`;
      if (expected !== undefined && digest !== expected)
        throw new BlobRejected('digest', `The bytes that came have the digest ${digest}, not ${expected}`);
      await orUnavailable('write a blob', () => file.sync());
      return { digest, sizeBytes };
    } finally {
      await file.close();
    }
  }

  /** The name appears only when the bytes are on the disk, and is there after a power cut. */
  private async shelve(upload: string, path: string): Promise<void> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    await rename(upload, path);
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
    await setAge(path);
  }
}

/** A blob's age is that of its file. */
async function setAge(path: string): Promise<true> {
  const now = Date.now() / 1000;
  await utimes(path, now, now);
  return true;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;)
    written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(unlessMissing);
  return (entries ?? []).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function isOlder(path: string, than: number): Promise<boolean> {
  const found = await stat(path).catch(unlessMissing);
  return found !== undefined && found.mtimeMs < than;
}

function unlessMissing(cause: unknown): undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  return undefined;
}

async function orUnavailable<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Unavailable('blob-store', `Cannot ${doing}: ${(cause as Error).message}`, { cause });
  }
}
