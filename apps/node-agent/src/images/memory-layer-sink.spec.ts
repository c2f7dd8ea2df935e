import { layerSinkContract } from './layer-sink.contract.js';
import { MemoryLayerSink } from './memory-layer-sink.js';

layerSinkContract('layers in memory', async () => {
  const sink = new MemoryLayerSink();
  return { sink, has: () => sink.digests };
});
