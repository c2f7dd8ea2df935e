import type { NodeId, SaveId, TemplateId, VmId } from '../ids.js';
import type { BlobRef } from '../template/template.js';
import type { ScriptResult } from '../vm/vm.js';

/** Facts about one save. */
export type ImageEvent =
  | SaveImageEvent
  /** The template has the new version, and the VM ends. */
  | {
      type: 'ImageSaved';
      requestId: SaveId;
      vmId: VmId;
      templateId: TemplateId;
      tag: string;
      version: number;
      scriptResult?: ScriptResult;
    }
  /** The VM is as it was, or had its end. */
  | { type: 'ImageSaveFailed'; requestId: SaveId; vmId: VmId; error: string; scriptResult?: ScriptResult }
  /** It had ended long ago, or newer ones need its place. */
  | { type: 'ImageSaveForgotten'; requestId: SaveId };

/** How the image is made; the same in the request and in what was accepted of it. */
export interface SaveTerms {
  readonly tag: string;
  readonly description: string;
  /** Whether memory is wanted, too. Kept for whoever asks; a guest is always powered off first. */
  readonly suspend: boolean;
  /** Run in the guest before it is stopped. A blob, because scripts carry secrets. */
  readonly script?: BlobRef;
  readonly scriptTimeoutMs: number;
  readonly cancelOnScriptFailure: boolean;
  /** Take the latest version off the template first, or `revertTag` and all that is newer. */
  readonly revertBeforePush: boolean;
  readonly revertTag?: string;
  readonly suspendSanityTest: boolean;
}

/** The save was accepted. */
export interface SaveImageEvent extends SaveTerms {
  type: 'SaveImage';
  requestId: SaveId;
  vmId: VmId;
  nodeId: NodeId;
  /** Of the VM, as its host calls it. */
  hostUuid: string;
  priority: number;
  templateId: TemplateId;
  templateName: string;
  /** The template does not exist, and is made with this version. */
  isNewTemplate: boolean;
}

/** An existing template, or one to be made under this id. */
export type SaveTarget =
  { readonly templateId: string } | { readonly newTemplateId: string; readonly newTemplateName: string };

/** Makes a new tag out of what the VM has written. The VM is held meanwhile, ends if it succeeds, and runs again if not. */
export interface ImageCommand extends SaveTerms {
  type: 'SaveImage';
  requestId: string;
  vmId: string;
  target: SaveTarget;
}

/**
 * How the saving of a VM's disk as an image ended on its node. The node stops what it does for a wish that goes away before it has
 * reported, and has the guest run again.
 */
export type ImageReport = { nodeId: string; vmId: string; epoch: number; requestId: string } & (
  | ReportImageSaved
  /** The guest runs again, for whoever wants to see why. */
  | ReportImageSaveFailed
);

/** The new layer is in the store; the guest is powered off. */
export interface ReportImageSaved {
  type: 'ReportImageSaved';
  /** What the guest wrote, on top of the disk of the image that it was started from. */
  disk: BlobRef;
  scriptResult?: ScriptResult;
}

export interface ReportImageSaveFailed {
  type: 'ReportImageSaveFailed';
  error: string;
  scriptResult?: ScriptResult;
}
