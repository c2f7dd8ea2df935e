import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { chmod, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncDirectory } from '../drivers/atomic-file.driver.js';
import { DriverError, type BlobRef } from '../drivers/driver.js';
import { blobFileName } from './blob-name.js';

const READ_BYTES = 1024 * 1024;
const PARTIAL = '.partial';

/** Files named by their digest below `<nodeDir>/blobs`: whole ones, and the beginnings of those being pulled. */
export class BlobStore {
  readonly dir: string;

  constructor(nodeDir: string) {
    this.dir = join(nodeDir, 'blobs');
    mkdirSync(this.dir, { recursive: true, mode: 0o711 });
  }

  path(digest: string): string {
    return join(this.dir, blobFileName(digest));
  }

  /** Whether the whole, verified file is here. */
  has(blob: BlobRef): boolean {
    return existsSync(this.path(blob.digest)) && statSync(this.path(blob.digest)).size === blob.sizeBytes;
  }

  /** Bytes of the blob's beginning that an earlier pull left. */
  async partialBytes(blob: BlobRef): Promise<number> {
    const size = await stat(this.partialPath(blob.digest)).then(
      (found) => found.size,
      () => 0,
    );
    if (size <= blob.sizeBytes) return size;
    this.dropPartial(blob.digest);
    return 0;
  }

  /**
   * Appends the bytes to the beginning that is here. Throws `IMAGE_INVALID` as soon as there are more than declared; what arrived
   * before any other error stays, to be resumed.
   */
  async append(blob: BlobRef, bytes: AsyncIterable<Uint8Array>, onBytes: (have: number) => void): Promise<void> {
    const file = await open(this.partialPath(blob.digest), 'a', 0o600);
    try {
      let have = (await file.stat()).size;
      for await (const chunk of bytes) {
        have += chunk.length;
        if (have > blob.sizeBytes) {
          throw new DriverError(
            'IMAGE_INVALID',
            `Blob ${blob.digest} is longer than the declared ${blob.sizeBytes} bytes.`,
            false,
          );
        }
        await file.appendFile(chunk);
        onBytes(have);
      }
    } finally {
      await file.close();
    }
  }

  /** Whether the beginning is the whole blob with the right digest. If not, it is dropped. */
  async verifyPartial(blob: BlobRef): Promise<boolean> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(this.partialPath(blob.digest), { highWaterMark: READ_BYTES }), hash);
    if (`sha256:${hash.digest('hex')}` === blob.digest) return true;
    this.dropPartial(blob.digest);
    return false;
  }

  /** Makes the verified beginning the blob: on the disk for good, readable for every VM's user, writable for none. */
  async commit(digest: string): Promise<void> {
    const partial = this.partialPath(digest);
    const file = await open(partial, 'r+');
    await file.sync().finally(() => file.close());
    await chmod(partial, 0o444);
    await rename(partial, this.path(digest));
    syncDirectory(this.dir);
  }

  partialPath(digest: string): string {
    return `${this.path(digest)}${PARTIAL}`;
  }

  dropPartial(digest: string): void {
    rmSync(this.partialPath(digest), { force: true });
  }

  remove(digest: string): void {
    rmSync(this.path(digest), { force: true });
    this.dropPartial(digest);
  }

  /** Digests of which anything is here. */
  digests(): string[] {
    const names = readdirSync(this.dir).map((name) => name.replace(PARTIAL, '').replace('-', ':'));
    return [...new Set(names)];
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.dir);
    return bavail * bsize;
  }

  /** Size of the disk that the files lie on. */
  diskBytes(): number {
    const { blocks, bsize } = statfsSync(this.dir);
    return blocks * bsize;
  }

  /** Bytes of all that is here, beginnings too. */
  heldBytes(): number {
    return readdirSync(this.dir).reduce((sum, name) => sum + statSync(join(this.dir, name)).size, 0);
  }
}
