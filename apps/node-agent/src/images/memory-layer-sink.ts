import { throwIfCancelled } from '../drivers/cancel.js';
import type { Layer } from '../drivers/driver.js';
import type { LayerSink } from './layer-sink.js';

/** Layers that live as long as this object, for nodes that only pretend. Their bytes are not kept. */
export class MemoryLayerSink implements LayerSink {
  /** Digests of what is here. */
  readonly digests = new Set<string>();
  /** What the next uploads fail with. */
  readonly failures: Error[] = [];

  async put({ digest }: Layer, signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal, `uploading layer ${digest}`);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.digests.add(digest);
  }
}
