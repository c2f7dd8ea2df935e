import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BlobRef } from '#domain';
import { BlobRejected, type BlobStore, type ByteRange, type DiskRoom } from '../blobs/blob-store.js';

/** A blob store in memory. */
export class MapBlobStore implements BlobStore {
  readonly blobs = new Map<string, Buffer>();

  async put(content: Uint8Array | Readable): Promise<BlobRef> {
    const bytes = content instanceof Readable ? await buffer(content) : Buffer.from(content);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.blobs.set(digest, bytes);
    return { digest, sizeBytes: bytes.length };
  }

  async putAs(digest: string, content: Readable): Promise<BlobRef> {
    const bytes = await buffer(content);
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (found !== digest) throw new BlobRejected('digest', `The bytes have digest ${found}: it must be ${digest}`);
    return this.put(bytes);
  }

  async has(digest: string): Promise<number | undefined> {
    return this.blobs.get(digest)?.length;
  }

  renew(digest: string): Promise<number | undefined> {
    return this.has(digest);
  }

  async room(): Promise<DiskRoom> {
    return { freeBytes: 300 * 1024 ** 3, totalBytes: 1000 * 1024 ** 3 };
  }

  async open(digest: string, range?: ByteRange): Promise<Readable | undefined> {
    const bytes = this.blobs.get(digest);
    return bytes && Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]);
  }
}
