import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** A template version to push: what it is, and where its files are. */
export interface TemplateToPush {
  readonly templateId?: string;
  readonly name: string;
  readonly tag: string;
  readonly description?: string;
  readonly arch: 'amd64' | 'arm64';
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly cmdline?: string;
  readonly forwards: readonly { readonly name: string; readonly guestPort: number; readonly hostPort?: number }[];
  readonly files: { readonly disk: string; readonly kernel?: string; readonly initrd?: string };
}

export interface BlobRef {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Digest and size of a file, read once in a stream: disks are large. */
export async function blobRefOf(path: string): Promise<BlobRef> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes: (await stat(path)).size };
}
