import type { Layer } from '../drivers/driver.js';

/** Where new layers go, for other nodes to pull. */
export interface LayerSink {
  /**
   * Resolves when the store has the layer for good; one that it had before costs next to nothing, so this may be repeated. Tries again
   * what may pass. Throws `DriverError`.
   */
  put(layer: Layer, signal: AbortSignal): Promise<void>;
}
