import type { BlobRef, TemplateImage } from '../drivers/driver.js';
import type { CachedTemplate, TemplateCache, TemplateName } from './template-cache.js';

/** Size of each layer in these tests. */
export const LAYER_BYTES = 1000;

/** What is under test, and layers that it can pull. */
export interface CacheUnderTest {
  readonly cache: TemplateCache;
  /** A layer of {@link LAYER_BYTES}, another one for each name. */
  layer(name: string): BlobRef;
  /** Time passes by so much. */
  pass(ms: number): void;
}

const LONG_MS = 3_600_000;

/** What every form of the cache does. `limitBytes`: so many bytes of templates, and no more, has it room for. */
export function templateCacheContract(name: string, make: (limitBytes: number) => Promise<CacheUnderTest>): void {
  describe(name, () => {
    const never = new AbortController().signal;
    const names = (templates: readonly TemplateName[]) =>
      templates.map(({ templateId, tag }) => `${templateId} ${tag}`);
    const filled = async (roomForLayers = 100) => {
      const { cache, layer, pass } = await make(roomForLayers * LAYER_BYTES);
      const image = (templateId: string, tag: string, base: string[] = []): TemplateImage => ({
        templateId,
        tag,
        ...(base.length > 0 && { base: base.map(layer) }),
        disk: layer(`${templateId} ${tag}`),
      });
      const evicted: CachedTemplate[] = [];
      cache.onEvicted((template) => evicted.push(template));
      for (const [id, tag] of [
        ['a', 'v1'],
        ['a', 'v2'],
        ['b', 'v1'],
      ] as const) {
        await cache.ensure(image(id, tag), () => undefined, never);
        pass(LONG_MS);
      }
      const pull = (wanted: TemplateImage, mayEvict?: (template: TemplateName) => boolean): Promise<void> =>
        cache.ensure(wanted, () => undefined, never, mayEvict);
      return { cache, image, evicted, pull, pass };
    };
    const any = (): boolean => true;

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

    it('has the layers of a template, those that it shares with another one too', async () => {
      const { cache, image, pull } = await filled(5);
      await pull(image('c', 'v1', ['a v1', 'a v2']));
      expect((await cache.list()).find(({ templateId }) => templateId === 'c')?.sizeBytes).toBe(3 * LAYER_BYTES);
      await cache.remove('a');
      await pull(image('c', 'v2', ['a v1', 'a v2', 'c v1']));
      expect(names(await cache.list()).sort()).toEqual(['b v1', 'c v1', 'c v2']);
    });

    it('makes room by letting go what was used least recently', async () => {
      const { cache, image, evicted, pull, pass } = await filled(4);
      cache.used({ templateId: 'a', tag: 'v1' });
      cache.used({ templateId: 'x', tag: 'v1' });
      pass(LONG_MS);
      await pull(image('c', 'v1'), any);
      expect(names(evicted)).toEqual([]);
      await pull(image('d', 'v1', ['a v1']), any);
      expect(names(evicted)).toEqual(['a v2']);
      await pull(image('e', 'v1', ['e v0']), any);
      expect(names(evicted)).toEqual(['a v2', 'b v1', 'c v1']);
      expect(names(await cache.list()).sort()).toEqual(['a v1', 'd v1', 'e v1']);
    });

    it('lets nothing go that must stay, and then has no room', async () => {
      const { cache, image, evicted, pull } = await filled(3);
      const full = expect.objectContaining({ name: 'DriverError', code: 'NO_SPACE' }) as Error;
      await expect(pull(image('c', 'v1'))).rejects.toEqual(full);
      await expect(pull(image('c', 'v1', ['c v0']), ({ templateId }) => templateId === 'b')).rejects.toEqual(full);
      expect(names(evicted)).toEqual([]);
      await pull(image('c', 'v1'), ({ templateId }) => templateId === 'b');
      expect(names(evicted)).toEqual(['b v1']);
      expect(names(await cache.list()).sort()).toEqual(['a v1', 'a v2', 'c v1']);
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
