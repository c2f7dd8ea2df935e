import type { Clock } from '#events';
import { DriverError, type TemplateImage } from '../drivers/driver.js';
import type { CachedTemplate, TemplateCache, TemplateName } from '../images/template-cache.js';

/** A cache that fills as slowly as the test wants. */
export class TestCache implements TemplateCache {
  readonly templates: CachedTemplate[] = [];
  pulls = 0;
  pulling = 0;
  mostPulling = 0;
  pullMs = 1000;
  failure: Error | undefined;
  /** What a VM was made of, in order. */
  readonly uses: string[] = [];
  /** The next pull lets all templates go that may leave. */
  isFull = false;
  /** What the next removals fail with. */
  readonly removals: Error[] = [];
  #evicted: (template: CachedTemplate) => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  async list(): Promise<CachedTemplate[]> {
    return this.templates;
  }

  async ensure(
    image: TemplateImage,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
    mayEvict?: (template: TemplateName) => boolean,
  ): Promise<void> {
    this.pulls++;
    if (this.isFull) await this.evictWhat(mayEvict);
    this.mostPulling = Math.max(this.mostPulling, ++this.pulling);
    try {
      await this.clock.sleep(this.pullMs / 2, signal);
      onProgress(0.5);
      await this.clock.sleep(this.pullMs / 2, signal);
    } catch (cause) {
      throw new DriverError('CANCELLED', 'cancelled', true, { cause });
    } finally {
      this.pulling--;
    }
    if (this.failure !== undefined) throw this.failure;
    onProgress(1);
    this.templates.push({ templateId: image.templateId, tag: image.tag, sizeBytes: 1 });
  }

  used({ templateId, tag }: TemplateName): void {
    this.uses.push(`${templateId} ${tag}`);
  }

  async remove(templateId: string, tag?: string): Promise<void> {
    const failure = this.removals.shift();
    if (failure !== undefined) throw failure;
    for (const one of [...this.templates]) {
      if (one.templateId !== templateId || (tag !== undefined && one.tag !== tag)) continue;
      this.templates.splice(this.templates.indexOf(one), 1);
      this.#evicted(one);
    }
  }

  private async evictWhat(mayEvict: (template: TemplateName) => boolean = () => false): Promise<void> {
    this.isFull = false;
    for (const { templateId, tag } of this.templates.filter(mayEvict)) await this.remove(templateId, tag);
  }

  onEvicted(listener: (template: CachedTemplate) => void): void {
    this.#evicted = listener;
  }
}
