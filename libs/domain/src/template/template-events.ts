import type { NodeId, TemplateId } from '../ids.js';
import type { Arch } from '../node/node.js';
import type { ForwardRule } from '../vm/vm.js';
import type { BlobRef, TemplateVersion } from './template.js';

/** Facts about templates in the registry. */
export type TemplateEvent =
  | { type: 'PushTemplate'; templateId: TemplateId; name: string; arch: Arch; version: TemplateVersion }
  | { type: 'DeleteRegistryVm'; templateId: TemplateId }
  /** That version and all that are newer are gone; with version 0 the template is. */
  | { type: 'TemplateReverted'; templateId: TemplateId; fromVersion: number }
  | { type: 'SetTemplateArch'; templateId: TemplateId; arch: Arch }
  /** These nodes have it, or that tag of it, and are to drop it. */
  | { type: 'RemoveTemplateFromNodes'; templateId: TemplateId; tag?: string; nodeIds: readonly NodeId[] };

/** What may be asked of the registry. The blobs of a push are in the store before the command is sent. */
export type TemplateCommand =
  | PushTemplateCommand
  | { type: 'DeleteRegistryVm'; templateId: string }
  | RevertTemplateCommand
  | SetTemplateArchCommand
  | RemoveTemplateFromNodesCommand;

/** Means the tag, the version, or the latest; and all that are newer. */
export interface RevertTemplateCommand {
  type: 'RevertTemplate';
  templateId: string;
  tag?: string;
  version?: number;
}

export interface SetTemplateArchCommand {
  type: 'SetTemplateArch';
  templateId: string;
  arch: Arch;
}

/** Means that tag, or all; on these nodes, or on all that have it. */
export interface RemoveTemplateFromNodesCommand {
  type: 'RemoveTemplateFromNodes';
  templateId: string;
  tag?: string;
  nodeIds?: readonly string[];
}

export interface PushTemplateCommand {
  type: 'PushTemplate';
  templateId: string;
  name: string;
  arch: Arch;
  tag: string;
  description: string;
  disk: BlobRef;
  kernel?: BlobRef;
  initrd?: BlobRef;
  cmdline?: string;
  cpu: number;
  memoryMiB: number;
  forwards: readonly ForwardRule[];
}
