import type { TemplateImage } from '../drivers/driver.js';
import type { CachedTemplate, TemplateCache } from './template-cache.js';

/** What is under test, and images that it can pull. */
export interface CacheUnderTest {
  readonly cache: TemplateCache;
  image(templateId: string, tag: string): TemplateImage;
}

/** What every form of the cache does. */
export function templateCacheContract(name: string, make: () => Promise<CacheUnderTest>): void {
  describe(name, () => {
    const never = new AbortController().signal;
    const names = (templates: readonly CachedTemplate[]) =>
      templates.map(({ templateId, tag }) => `${templateId} ${tag}`);
    const filled = async () => {
      const { cache, image } = await make();
      const evicted: CachedTemplate[] = [];
      cache.onEvicted((template) => evicted.push(template));
      for (const [id, tag] of [
        ['a', 'v1'],
        ['a', 'v2'],
        ['b', 'v1'],
      ] as const)
        await cache.ensure(image(id, tag), () => undefined, never);
      return { cache, image, evicted };
    };

    it('has what was pulled, and says how far a pull is up to its end', async () => {
      const { cache, image } = await filled();
      const told: number[] = [];
      await cache.ensure(image('c', 'v1'), (fraction) => told.push(fraction), never);
      expect(names(await cache.list()).sort()).toEqual(['a v1', 'a v2', 'b v1', 'c v1']);
      expect(told).toEqual([...told].sort((x, y) => x - y));
      expect(told.at(-1)).toBe(1);
    });

    it('removes one tag, or all of a template, and tells of each', async () => {
      const { cache, evicted } = await filled();
      await cache.remove('a', 'v2');
      expect(names(evicted)).toEqual(['a v2']);
      expect(names(await cache.list()).sort()).toEqual(['a v1', 'b v1']);
      await cache.remove('a');
      await cache.remove('b');
      expect(names(evicted)).toEqual(['a v2', 'a v1', 'b v1']);
      expect(await cache.list()).toEqual([]);
    });

    it('tells nothing of what it did not have', async () => {
      const { cache, evicted } = await filled();
      await cache.remove('x');
      await cache.remove('a', 'v9');
      expect([names(evicted), (await cache.list()).length]).toEqual([[], 3]);
    });

    it('pulls again what was removed', async () => {
      const { cache, image } = await filled();
      await cache.remove('a');
      await cache.ensure(image('a', 'v1'), () => undefined, never);
      expect(names(await cache.list()).sort()).toEqual(['a v1', 'b v1']);
    });

    it('tells whoever asked last', async () => {
      const { cache, evicted } = await filled();
      const later: CachedTemplate[] = [];
      cache.onEvicted((template) => later.push(template));
      await cache.remove('b');
      expect([names(evicted), names(later)]).toEqual([[], ['b v1']]);
    });
  });
}
