import type { Clock } from '../drivers/clock.js';
import { cancelled } from '../drivers/cancel.js';
import type { TemplateImage } from '../drivers/driver.js';
import type { CachedTemplate, TemplateCache } from './template-cache.js';

/** Steps in which progress is told. */
const STEPS = 4;

/** A cache that takes the time of a pull and stores nothing. */
export class SimulatedTemplateCache implements TemplateCache {
  private readonly cached = new Map<string, CachedTemplate>();

  private evicted: (template: CachedTemplate) => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly bytesPerSecond: number,
  ) {}

  async list(): Promise<CachedTemplate[]> {
    return [...this.cached.values()];
  }

  async ensure(image: TemplateImage, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    const key = `${image.templateId}\n${image.tag}`;
    if (this.cached.has(key)) return;
    const sizeBytes = [image.disk, image.kernel, image.initrd].reduce((sum, blob) => sum + (blob?.sizeBytes ?? 0), 0);
    const totalMs = (sizeBytes / this.bytesPerSecond) * 1000;
    for (let step = 1; step <= STEPS; step++) {
      try {
        await this.clock.sleep(totalMs / STEPS, signal);
      } catch {
        throw cancelled(signal, `pulling template ${image.templateId}`);
      }
      onProgress(step / STEPS);
    }
    this.cached.set(key, { templateId: image.templateId, tag: image.tag, sizeBytes });
  }

  async remove(templateId: string, tag?: string): Promise<void> {
    for (const [key, template] of this.cached) {
      if (template.templateId !== templateId || (tag !== undefined && template.tag !== tag)) continue;
      this.cached.delete(key);
      this.evicted(template);
    }
  }

  onEvicted(listener: (template: CachedTemplate) => void): void {
    this.evicted = listener;
  }
}
