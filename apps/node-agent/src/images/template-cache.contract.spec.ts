import { SimulatedTemplateCache } from './simulated-template-cache.js';
import { templateCacheContract } from './template-cache.contract.js';

/** No time passes in it. */
const still = { now: () => 0, sleep: () => Promise.resolve() };

templateCacheContract('the simulated template cache', async () => ({
  cache: new SimulatedTemplateCache(still, 1e9),
  image: (templateId, tag) => ({ templateId, tag, disk: { digest: `sha256:${'a'.repeat(64)}`, sizeBytes: 10 } }),
}));
