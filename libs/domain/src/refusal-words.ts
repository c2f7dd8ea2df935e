import type { CapacityField, Refusal, RefusalCode } from './refusal.js';

/** What a limit of a node counts. */
const USED: Readonly<Record<CapacityField, string>> = {
  max_vm_count: 'the VMs',
  vcpu_override: 'the vCPUs of the VMs',
  ram_override: 'the MiB of memory of the VMs',
};

const WORDS: { readonly [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>) => string } = {
  TEMPLATE_UNKNOWN: ({ templateId }) => `There is no template ${templateId}`,
  TAG_UNKNOWN: ({ templateId, tag }) => `Template ${templateId} has no tag ${tag}`,
  VERSION_UNKNOWN: ({ templateId, version }) => `Template ${templateId} has no version ${version}`,
  TAG_EXISTS: ({ templateId, tag }) =>
    `Template ${templateId} has tag ${tag} already, with other files: use another tag`,
  VM_UNKNOWN: ({ vmId }) => `There is no VM ${vmId}`,
  VM_EXISTS: ({ vmId }) => `There is a VM ${vmId} already`,
  VM_NOT_RUNNING: ({ vmId, phase }) => `VM ${vmId} is ${phase}: must be running`,
  NODE_UNKNOWN: ({ nodeId }) => `There is no node ${nodeId}`,
  GROUP_UNKNOWN: ({ groupId }) => `There is no group ${groupId}`,
  GROUP_EXISTS: ({ groupId }) => `There is a group ${groupId} already`,
  GROUP_CYCLE: ({ path }) => `The fallbacks of groups would go in a circle: ${path.join(' > ')}`,
  DISTRIBUTION_EXISTS: ({ distributionId }) => `There is a distribution ${distributionId} already`,
  DISTRIBUTION_UNKNOWN: ({ distributionId }) => `There is no distribution ${distributionId}`,
  SAVE_EXISTS: ({ requestId }) => `There is a save ${requestId} already`,
  API_KEY_EXISTS: ({ keyId }) => `There is an API key ${keyId} already`,
  API_KEY_UNKNOWN: ({ keyId }) => `There is no API key ${keyId}`,
  PERMISSION_GROUP_UNKNOWN: ({ name }) => `${name} has no permissions`,
  WEBHOOK_EXISTS: ({ webhookId }) => `There is a webhook ${webhookId} already`,
  WEBHOOK_UNKNOWN: ({ webhookId }) => `There is no webhook ${webhookId}`,
  WEBHOOK_CHANGED: ({ webhookId, version }) => `Webhook ${webhookId} has version ${version} by now: another was meant`,
  OUT_OF_RANGE: ({ field, value, min, max }) => `${field} is ${value}: must be a whole number from ${min} to ${max}`,
  INVALID: ({ field, message }) => `${field} ${message}`,
  CAPACITY_BELOW_USE: ({ nodeId, field, capacity, inUse }) =>
    `${field} is ${capacity}: must be at least ${inUse}, ${USED[field]} on node ${nodeId}`,
  COMMAND_FAILED: () => 'The control plane could not carry out the command',
};

/** Why the rules said no, in one plain sentence without a full stop. Names what the command named and the rule, no more. */
export const refusalWords = (refusal: Refusal): string =>
  (WORDS[refusal.code] as (refusal: Refusal) => string)(refusal);
