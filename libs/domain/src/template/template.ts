import type { TemplateId } from '../ids.js';
import type { Arch } from '../node/node.js';
import type { ForwardRule } from '../vm/vm.js';

/** A disk image that VMs start from, with its versions; the latest is the last. */
export interface Template {
  readonly id: TemplateId;
  name: string;
  arch: Arch;
  readonly versions: TemplateVersion[];
}

/** One pushed state of a template. Its files are named by digest and never change. */
export interface TemplateVersion {
  /** 0-based, ascending. */
  readonly number: number;
  readonly tag: string;
  readonly description: string;
  readonly image: TemplateImage;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly forwards: readonly ForwardRule[];
  readonly pushedAt: number;
}

export interface TemplateImage {
  readonly templateId: string;
  readonly templateName: string;
  readonly tag: string;
  readonly version: number;
  readonly arch: Arch;
  /** The layers below the disk, lowest first. Absent: the disk stands by itself. */
  readonly base?: readonly BlobRef[];
  /** The top layer: what guests are started on. */
  readonly disk: BlobRef;
  /** Direct kernel boot; without it the firmware boots the disk. */
  readonly kernel?: BlobRef;
  readonly initrd?: BlobRef;
  readonly cmdline?: string;
}

/** A content-addressed file: `sha256:` and 64 hex digits. */
export interface BlobRef {
  readonly digest: string;
  readonly sizeBytes: number;
}

export const isDigest = (value: string): boolean => /^sha256:[0-9a-f]{64}$/.test(value);

export const isBlob = ({ digest, sizeBytes }: BlobRef): boolean =>
  isDigest(digest) && Number.isSafeInteger(sizeBytes) && sizeBytes > 0;

/** The blobs that an image consists of, layers from the lowest up, and therefore the disk last. */
export function blobsOf(image: TemplateImage): BlobRef[] {
  return [image.kernel, image.initrd, ...(image.base ?? []), image.disk].filter((blob) => blob !== undefined);
}

/** The version meant by a tag, a number, or neither (the latest). */
export function findVersion(
  template: { readonly versions: readonly TemplateVersion[] },
  tag?: string,
  version?: number,
): TemplateVersion | undefined {
  if (tag !== undefined) return template.versions.findLast((candidate) => candidate.tag === tag);
  if (version !== undefined) return template.versions.find((candidate) => candidate.number === version);
  return template.versions.at(-1);
}
