import type { Readable } from 'node:stream';
import type { BlobRef } from '#domain';

/** Largest blob that the store takes: a disk image with room to spare. */
export const MAX_BLOB_BYTES = 512 * 1024 ** 3;

/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Immutable bytes under the name of their SHA-256 (`sha256:` and 64 hex digits): template files and startup scripts. What
 * nothing names is deleted in the end (`BLOB_KEPT_MS`). Throws `Unavailable` when the disk fails.
 */
export interface BlobStore {
  /** Stores the bytes durably and names them. Storing what is there already changes nothing. */
  put(content: Uint8Array | Readable): Promise<BlobRef>;
  /**
   * Like `put`, for bytes that must have this digest. Throws `BlobRejected` when they do not, or are more than `MAX_BLOB_BYTES`; then
   * nothing is kept.
   */
  putAs(digest: string, content: Readable): Promise<BlobRef>;
  /** Its size in bytes; undefined when it is not here or the name is no digest. */
  has(digest: string): Promise<number | undefined>;
  /** Like `has`, for whoever is about to name the blob: it is kept as if it had been stored now. */
  renew(digest: string): Promise<number | undefined>;
  /** Reads the blob or a part of it; undefined when it is not here. The reader must be consumed or destroyed. */
  open(digest: string, range?: ByteRange): Promise<Readable | undefined>;
  /** What the disk has room for. */
  room(): Promise<DiskRoom>;
}

/** The disk under a store. */
export interface DiskRoom {
  /** What we may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The bytes that were sent are not what they were said to be. */
export class BlobRejected extends Error {
  constructor(
    readonly reason: 'digest' | 'size' | 'name',
    message: string,
  ) {
    super(message);
    this.name = 'BlobRejected';
  }
}
