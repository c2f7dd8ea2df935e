/** Ids travel in URLs, subjects, keys and file names, so one rule serves them all. */
export type VmId = string & { readonly __id: 'vm' };
export type NodeId = string & { readonly __id: 'node' };
export type TemplateId = string & { readonly __id: 'template' };
export type DistributionId = string & { readonly __id: 'distribution' };
export type SaveId = string & { readonly __id: 'save' };
export type GroupId = string & { readonly __id: 'group' };
export type WebhookId = string & { readonly __id: 'webhook' };

/**
 * Letters, digits, `.`, `_` and `-`; 1–64 long; neither `.` nor `-` first, so that an id is never a hidden file, a parent directory
 * or an option. Deliberately wider than RFC 4122: the vendors' own ids break that (anka.md §1.4.8).
 */
const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

export function isId(value: string): boolean {
  return ID.test(value) && !value.includes('..') && !value.endsWith('.');
}

export const vmId = (value: string): VmId => checked(value) as VmId;
export const nodeId = (value: string): NodeId => checked(value) as NodeId;
export const templateId = (value: string): TemplateId => checked(value) as TemplateId;
export const distributionId = (value: string): DistributionId => checked(value) as DistributionId;
export const saveId = (value: string): SaveId => checked(value) as SaveId;
export const groupId = (value: string): GroupId => checked(value) as GroupId;
export const webhookId = (value: string): WebhookId => checked(value) as WebhookId;

function checked(value: string): string {
  if (!isId(value))
    throw new TypeError(
      `Cannot use "${value}" as an id: must be 1–64 of A–Z a–z 0–9 . _ - and start with a letter or digit`,
    );
  return value;
}
