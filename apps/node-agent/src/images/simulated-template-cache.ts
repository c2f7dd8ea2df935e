import { cacheKey } from '#domain';
import { cancelled } from '../drivers/cancel.js';
import type { Clock } from '../drivers/clock.js';
import { DriverError, type TemplateImage } from '../drivers/driver.js';
import { blobsOf } from '../drivers/vm-spec.js';
import { asCached, chooseEvicted, type Evictable, totalBytes } from './eviction.js';
import type { CachedTemplate, TemplateCache, TemplateName } from './template-cache.js';

/** Steps in which progress is told. */
const STEPS = 4;

/** A cache that takes the time of a pull and stores nothing. `limitBytes`: so many bytes of templates could it have. */
export class SimulatedTemplateCache implements TemplateCache {
  private readonly cached = new Map<string, Evictable>();

  private evicted: (template: CachedTemplate) => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly bytesPerSecond: number,
    private readonly limitBytes = Infinity,
  ) {}

  async list(): Promise<CachedTemplate[]> {
    return [...this.cached.values()].map(asCached);
  }

  async ensure(
    image: TemplateImage,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
    mayEvict: (template: TemplateName) => boolean = () => false,
  ): Promise<void> {
    const { templateId, tag } = image;
    const key = cacheKey(templateId, tag);
    if (this.cached.has(key)) return;
    const blobs = blobsOf(image);
    const here = new Set([...this.cached.values()].flatMap((one) => one.blobs.map(({ digest }) => digest)));
    const missingBytes = totalBytes(blobs.filter(({ digest }) => !here.has(digest)));
    this.makeRoom(blobs, missingBytes, mayEvict);
    const totalMs = (missingBytes / this.bytesPerSecond) * 1000;
    for (let step = 1; step <= STEPS; step++) {
      try {
        await this.clock.sleep(totalMs / STEPS, signal);
      } catch {
        throw cancelled(signal, `pulling template ${templateId}`);
      }
      onProgress(step / STEPS);
    }
    this.cached.set(key, { templateId, tag, blobs, usedAt: this.clock.now() });
  }

  async remove(templateId: string, tag?: string): Promise<void> {
    for (const template of [...this.cached.values()]) {
      if (template.templateId === templateId && (tag === undefined || template.tag === tag)) this.drop(template);
    }
  }

  used({ templateId, tag }: TemplateName): void {
    const key = cacheKey(templateId, tag);
    const template = this.cached.get(key);
    if (template !== undefined) this.cached.set(key, { ...template, usedAt: this.clock.now() });
  }

  onEvicted(listener: (template: CachedTemplate) => void): void {
    this.evicted = listener;
  }

  private makeRoom(
    blobs: Evictable['blobs'],
    missingBytes: number,
    mayEvict: (template: TemplateName) => boolean,
  ): void {
    if (this.limitBytes === Infinity || missingBytes === 0) return;
    const all = [...this.cached.values()];
    const lackingBytes = missingBytes + totalBytes(all.flatMap((one) => one.blobs)) - this.limitBytes;
    const leaving = chooseEvicted(all, new Set(blobs.map(({ digest }) => digest)), lackingBytes, mayEvict);
    if (lackingBytes > 0 && leaving.length === 0)
      throw new DriverError(
        'NO_SPACE',
        `Cannot pull a template: the simulated disk lacks ${lackingBytes} bytes.`,
        true,
      );
    for (const template of leaving) this.drop(template);
  }

  private drop(template: Evictable): void {
    this.cached.delete(cacheKey(template.templateId, template.tag));
    this.evicted(asCached(template));
  }
}
