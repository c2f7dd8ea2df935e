import type { Refusal } from '../refusal.js';
import type { Template, TemplateVersion } from './template.js';

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

export function refuseTag(tag: string): Refusal | undefined {
  if (TAG.test(tag)) return undefined;
  return { code: 'INVALID', field: 'tag', message: 'must be 1–128 of A–Z a–z 0–9 . _ -' };
}

/** Which version of which template is meant: the tag, the number, or the latest. */
export interface VersionWanted {
  readonly templateId: string;
  readonly tag?: string;
  readonly version?: number;
}

/** What is missing of what was wanted, given what was found. */
export function refuseVersion(
  { templateId, tag, version }: VersionWanted,
  template: Template | undefined,
  found: TemplateVersion | undefined,
): Refusal | undefined {
  if (template === undefined) return { code: 'TEMPLATE_UNKNOWN', templateId };
  if (found !== undefined) return refuseOtherVersion(tag, version, found);
  if (tag !== undefined) return { code: 'TAG_UNKNOWN', templateId, tag };
  return { code: 'VERSION_UNKNOWN', templateId, version: version ?? -1 };
}

/** A tag and a version number that are both given must mean the same. */
function refuseOtherVersion(tag: string | undefined, version: number | undefined, found: TemplateVersion) {
  if (version === undefined || version === found.number) return undefined;
  const message = `is ${version}: tag ${tag ?? ''} is version ${found.number}`;
  return { code: 'INVALID', field: 'version', message } as const;
}
