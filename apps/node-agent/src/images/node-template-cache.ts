import { cancelled, throwIfCancelled } from '../drivers/cancel.js';
import type { Clock } from '../drivers/clock.js';
import { DriverError, type BlobRef, type TemplateImage } from '../drivers/driver.js';
import { KeyedLock } from '../drivers/keyed-lock.js';
import { blobsOf, checkImage } from '../drivers/vm-spec.js';
import type { BlobSource } from './blob-source.http.js';
import { BlobStore } from './blob-store.driver.js';
import { checkQcow2File } from './qcow2-file.driver.js';
import { Progress, StallGuard } from './pull-watch.js';
import type { CachedTemplate, TemplateCache } from './template-cache.js';
import { TemplateIndex } from './template-index.driver.js';

export const MAX_PULL_ATTEMPTS = 5;
/** A pull is begun anew, from where it is, when nothing has arrived for this long. */
export const STALL_MS = 30_000;
const FIRST_RETRY_MS = 400;
/** Left free on the disk for the VMs' own writes. */
export const DEFAULT_RESERVE_BYTES = 1024 ** 3;

export interface NodeTemplateCacheOptions {
  nodeDir: string;
  source: BlobSource;
  clock: Clock;
  reserveBytes?: number;
}

/** Templates as files on this host, pulled one at a time. */
export class NodeTemplateCache implements TemplateCache {
  private readonly store: BlobStore;
  private readonly index: TemplateIndex;
  private readonly pulling = new KeyedLock();
  private evicted: (template: CachedTemplate) => void = () => undefined;

  constructor(private readonly options: NodeTemplateCacheOptions) {
    this.store = new BlobStore(options.nodeDir);
    this.index = new TemplateIndex(options.nodeDir);
  }

  async list(): Promise<CachedTemplate[]> {
    return this.index
      .all()
      .filter((entry) => entry.blobs.every((blob) => this.store.has(blob)))
      .map(({ templateId, tag, blobs }) => ({ templateId, tag, sizeBytes: total(blobs) }));
  }

  async ensure(image: TemplateImage, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    checkImage(image);
    await this.pulling.run('pull', async () => {
      throwIfCancelled(signal, `waiting to pull template ${image.templateId}`);
      const blobs = blobsOf(image);
      const missing = blobs.filter((blob) => !this.store.has(blob));
      await this.checkSpace(missing);
      const progress = new Progress(total(blobs), total(blobs) - total(missing), onProgress, this.options.clock);
      for (const blob of missing) await this.pull(blob, blob === image.disk, progress, signal);
      if (!missing.includes(image.disk)) await checkQcow2File(this.store.path(image.disk.digest), image.disk.digest);
      this.index.add({ templateId: image.templateId, tag: image.tag, blobs });
      progress.finish();
    });
  }

  async remove(templateId: string, tag?: string): Promise<void> {
    await this.pulling.run('pull', async () => {
      const removed = this.index.remove(templateId, tag);
      const needed = new Set(this.index.all().flatMap((entry) => entry.blobs.map(({ digest }) => digest)));
      for (const digest of this.store.digests()) if (!needed.has(digest)) this.store.remove(digest);
      for (const entry of removed)
        this.evicted({ templateId: entry.templateId, tag: entry.tag, sizeBytes: total(entry.blobs) });
    });
  }

  onEvicted(listener: (template: CachedTemplate) => void): void {
    this.evicted = listener;
  }

  private async checkSpace(missing: readonly BlobRef[]): Promise<void> {
    if (missing.length === 0) return;
    let wantedBytes = this.options.reserveBytes ?? DEFAULT_RESERVE_BYTES;
    for (const blob of missing) wantedBytes += blob.sizeBytes - (await this.store.partialBytes(blob));
    const freeBytes = this.store.freeBytes();
    if (freeBytes >= wantedBytes) return;
    throw new DriverError(
      'NO_SPACE',
      `Cannot pull a template: ${freeBytes} bytes are free, must be at least ${wantedBytes}.`,
      true,
    );
  }

  /** A digest mismatch is tried once more: bytes of an earlier pull may have been spoilt since. */
  private async pull(blob: BlobRef, isDisk: boolean, progress: Progress, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.transfer(blob, progress, signal);
      if (await this.store.verifyPartial(blob)) break;
      if (attempt === 2)
        throw new DriverError('IMAGE_INVALID', `The store's bytes of blob ${blob.digest} have another digest.`, false);
    }
    if (isDisk) {
      await checkQcow2File(this.store.partialPath(blob.digest), blob.digest).catch((error: unknown) => {
        this.store.dropPartial(blob.digest);
        throw error;
      });
    }
    await this.store.commit(blob.digest);
    progress.completed(blob.sizeBytes);
  }

  /** Gets all bytes of the blob into its partial file, going on after every interruption. */
  private async transfer(blob: BlobRef, progress: Progress, signal: AbortSignal): Promise<void> {
    let failure: unknown;
    for (let attempt = 1; attempt <= MAX_PULL_ATTEMPTS; attempt++) {
      try {
        await this.receive(blob, progress, signal);
        if ((await this.store.partialBytes(blob)) === blob.sizeBytes) return;
        failure = new Error('the connection ended early');
      } catch (error) {
        if (error instanceof DriverError) throw error;
        failure = error;
      }
      throwIfCancelled(signal, `pulling blob ${blob.digest}`);
      if ((failure as NodeJS.ErrnoException).code === 'ENOSPC') break;
      if (attempt < MAX_PULL_ATTEMPTS) await this.pause(FIRST_RETRY_MS * 2 ** (attempt - 1), blob, signal);
    }
    throw pullFailure(blob, failure);
  }

  private async receive(blob: BlobRef, progress: Progress, signal: AbortSignal): Promise<void> {
    const offset = await this.store.partialBytes(blob);
    if (offset === blob.sizeBytes && offset > 0) return;
    const stall = new StallGuard(this.options.clock, STALL_MS, signal);
    try {
      const stream = await this.options.source.open(blob.digest, offset, stall.signal);
      if (!stream.isResumed) this.store.dropPartial(blob.digest);
      await this.store.append(blob, stream.bytes, (have) => {
        stall.arrived();
        progress.within(have);
      });
    } finally {
      stall.stop();
    }
  }

  private async pause(ms: number, blob: BlobRef, signal: AbortSignal): Promise<void> {
    await this.options.clock.sleep(ms, signal).catch(() => {
      throw cancelled(signal, `pulling blob ${blob.digest}`);
    });
  }
}

function pullFailure(blob: BlobRef, failure: unknown): DriverError {
  const isFull = (failure as NodeJS.ErrnoException).code === 'ENOSPC';
  const why = failure instanceof Error ? failure.message : String(failure);
  const message = isFull
    ? `The disk is full: blob ${blob.digest} is incomplete.`
    : `Cannot pull blob ${blob.digest}: ${why}.`;
  return new DriverError(isFull ? 'NO_SPACE' : 'TOOL_FAILED', message, true, { cause: failure });
}

function total(blobs: readonly BlobRef[]): number {
  return blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
}
