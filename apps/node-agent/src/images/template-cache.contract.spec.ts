import { createHash } from 'node:crypto';
import { SimulatedTemplateCache } from './simulated-template-cache.js';
import { LAYER_BYTES, templateCacheContract } from './template-cache.contract.js';

templateCacheContract('the simulated template cache', async (limitBytes) => {
  let now = 1_700_000_000_000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  return {
    cache: new SimulatedTemplateCache(clock, 1e9, limitBytes),
    layer: (name) => ({
      digest: `sha256:${createHash('sha256').update(name).digest('hex')}`,
      sizeBytes: LAYER_BYTES,
    }),
    pass: (ms) => void (now += ms),
  };
});
