import { DEFAULT_RESERVE_PERCENT } from '#domain';
import { cancelled, throwIfCancelled } from '../drivers/cancel.js';
import type { Clock } from '../drivers/clock.js';
import { DriverError, type BlobRef, type TemplateImage } from '../drivers/driver.js';
import { KeyedLock } from '../drivers/keyed-lock.js';
import { blobsOf, checkImage, layersOf } from '../drivers/vm-spec.js';
import type { BlobSource } from './blob-source.http.js';
import { BlobStore } from './blob-store.driver.js';
import { asCached, chooseEvicted, totalBytes } from './eviction.js';
import { checkQcow2File } from './qcow2-file.driver.js';
import { Progress, StallGuard } from './pull-watch.js';
import type { CachedTemplate, TemplateCache, TemplateName } from './template-cache.js';
import { TemplateIndex } from './template-index.driver.js';

export const MAX_PULL_ATTEMPTS = 5;
/** A pull is begun anew, from where it is, when nothing has arrived for this long. */
export const STALL_MS = 30_000;
const FIRST_RETRY_MS = 400;
/** Left free on the disk in any case, however little of what fills it is templates. */
export const DEFAULT_RESERVE_BYTES = 1024 ** 3;

export interface NodeTemplateCacheOptions {
  nodeDir: string;
  source: BlobSource;
  clock: Clock;
  reserveBytes?: number;
  /** Most bytes of templates. Absent: what {@link DEFAULT_RESERVE_PERCENT} of the disk leaves. */
  limitBytes?: number;
  /** How much of the disk templates leave free. */
  reservePercent?: number;
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
      .map(asCached);
  }

  async ensure(
    image: TemplateImage,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
    mayEvict: (template: TemplateName) => boolean = () => false,
  ): Promise<void> {
    checkImage(image);
    await this.pulling.run('pull', async () => {
      throwIfCancelled(signal, `waiting to pull template ${image.templateId}`);
      const blobs = blobsOf(image);
      const missing = blobs.filter((blob) => !this.store.has(blob));
      await this.makeRoom(blobs, missing, mayEvict);
      const allBytes = totalBytes(blobs);
      const progress = new Progress(allBytes, allBytes - totalBytes(missing), onProgress, this.options.clock);
      const layers = new Set(layersOf(image).map(({ digest }) => digest));
      for (const blob of missing) await this.pull(blob, layers.has(blob.digest), progress, signal);
      for (const digest of layers) await checkQcow2File(this.store.path(digest), digest);
      this.index.add({ templateId: image.templateId, tag: image.tag, blobs, usedAt: this.options.clock.now() });
      progress.finish();
    });
  }

  async remove(templateId: string, tag?: string): Promise<void> {
    await this.pulling.run('pull', async () => {
      const removed = this.index.remove(templateId, tag);
      this.sweep([]);
      for (const entry of removed) this.evicted(asCached(entry));
    });
  }

  used({ templateId, tag }: TemplateName): void {
    this.index.used(templateId, tag, this.options.clock.now());
  }

  onEvicted(listener: (template: CachedTemplate) => void): void {
    this.evicted = listener;
  }

  /** Files of no template go first, they are what earlier pulls left; then templates, until what is missing fits. */
  private async makeRoom(
    blobs: readonly BlobRef[],
    missing: readonly BlobRef[],
    mayEvict: (template: TemplateName) => boolean,
  ): Promise<void> {
    if (missing.length === 0 || (await this.lackingBytes(missing)) <= 0) return;
    this.sweep(blobs);
    const kept = new Set(blobs.map(({ digest }) => digest));
    const lackingBytes = await this.lackingBytes(missing);
    const leaving = chooseEvicted(this.index.all(), kept, lackingBytes, mayEvict);
    if (lackingBytes > 0 && leaving.length === 0) {
      const message = `Cannot pull a template: the disk lacks ${lackingBytes} bytes, and no template that may leave has as many.`;
      throw new DriverError('NO_SPACE', message, true);
    }
    for (const { templateId, tag } of leaving) this.index.remove(templateId, tag);
    this.sweep(blobs);
    for (const entry of leaving) this.evicted(asCached(entry));
  }

  /** By how much what is to be pulled exceeds what is free, or what templates may take; 0 or less when it does not. */
  private async lackingBytes(missing: readonly BlobRef[]): Promise<number> {
    const { reserveBytes = DEFAULT_RESERVE_BYTES, reservePercent = DEFAULT_RESERVE_PERCENT } = this.options;
    const limitBytes = this.options.limitBytes ?? (this.store.diskBytes() * (100 - reservePercent)) / 100;
    let wantedBytes = totalBytes(missing);
    for (const blob of missing) wantedBytes -= await this.store.partialBytes(blob);
    const overFree = wantedBytes + reserveBytes - this.store.freeBytes();
    return Math.ceil(Math.max(overFree, wantedBytes + this.store.heldBytes() - limitBytes));
  }

  /** Removes every file that belongs to no template and is none of `kept`. */
  private sweep(kept: readonly BlobRef[]): void {
    const needed = new Set([...kept, ...this.index.all().flatMap(({ blobs }) => blobs)].map(({ digest }) => digest));
    for (const digest of this.store.digests()) if (!needed.has(digest)) this.store.remove(digest);
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
