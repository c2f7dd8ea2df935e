import type { BlobRef } from '../template/template.js';
import type { ScriptResult } from '../vm/vm.js';

/**
 * How the saving of a VM's disk as an image ended on its node. The node stops what it does for a wish that goes away before it has
 * reported, and has the guest run again.
 */
export type ImageReport = { nodeId: string; vmId: string; epoch: number; requestId: string } & (
  | ReportImageSaved
  /** The guest runs again, for whoever wants to see why. */
  | { type: 'ReportImageSaveFailed'; error: string; scriptResult?: ScriptResult }
);

/** The new layer is in the store; the guest is powered off. */
export interface ReportImageSaved {
  type: 'ReportImageSaved';
  /** What the guest wrote, on top of the disk of the image that it was started from. */
  disk: BlobRef;
  scriptResult?: ScriptResult;
}
