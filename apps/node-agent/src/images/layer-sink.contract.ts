import { createHash } from 'node:crypto';
import type { Layer } from '../drivers/driver.js';
import type { LayerSink } from './layer-sink.js';

export interface SinkUnderTest {
  readonly sink: LayerSink;
  /** Digests of what it has. */
  has(): Iterable<string>;
}

export function layerOf(text: string): Layer {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { digest, sizeBytes: text.length, open: async () => new Blob([text]) };
}

/** What every form of the sink does. */
export function layerSinkContract(name: string, make: () => Promise<SinkUnderTest>): void {
  describe(name, () => {
    const never = new AbortController().signal;

    it('has what was put, once, however often it is put', async () => {
      const { sink, has } = await make();
      for (const text of ['a', 'b', 'a']) await sink.put(layerOf(text), never);
      expect([...has()].sort()).toEqual([layerOf('a').digest, layerOf('b').digest].sort());
    });

    it('takes nothing of whoever has given up', async () => {
      const { sink, has } = await make();
      await expect(sink.put(layerOf('a'), AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
      expect([...has()]).toEqual([]);
    });
  });
}
