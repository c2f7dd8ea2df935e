import type { CapacityField, Refusal, RefusalCode } from '#domain';
import { Failure } from './failure.js';

/** What was asked: a refused start must not look like a success to clients that check the code only (anka.md §1.3). */
export type Asked = 'start' | 'change';

interface Wording<R extends Refusal> {
  /** HTTP status of `FAIL` for each kind of request. */
  readonly status: Readonly<Record<Asked, 200 | 400>>;
  readonly text: (refusal: R, asked: Asked) => string;
}

/**
 * 200 where clients read the text and go on (a missing tag makes them ask again without one; a missing id counts as gone); 400
 * otherwise.
 */
const READ_ON = { start: 200, change: 200 } as const;
const FINAL = { start: 400, change: 400 } as const;
const FINAL_ON_START = { start: 400, change: 200 } as const;

const WORDINGS: { readonly [Code in RefusalCode]: Wording<Extract<Refusal, { code: Code }>> } = {
  TEMPLATE_UNKNOWN: {
    status: FINAL_ON_START,
    text: (_, asked) => (asked === 'start' ? 'VM not in the registry' : 'Not found'),
  },
  TAG_UNKNOWN: { status: READ_ON, text: ({ tag }) => `No such tag ${tag}` },
  VERSION_UNKNOWN: { status: FINAL, text: ({ version }) => `No such version ${version}` },
  TAG_EXISTS: { status: FINAL, text: ({ tag }) => `Tag ${tag} exists already` },
  VM_UNKNOWN: { status: FINAL_ON_START, text: () => 'Not found' },
  VM_EXISTS: { status: FINAL, text: ({ vmId }) => `Instance ${vmId} exists already` },
  VM_NOT_RUNNING: { status: FINAL, text: ({ phase }) => `Unexpected VM state: "${phase}"` },
  NODE_UNKNOWN: {
    status: FINAL_ON_START,
    text: ({ nodeId }, asked) => (asked === 'start' ? `No such node ${nodeId}` : 'Not found'),
  },
  GROUP_UNKNOWN: {
    status: FINAL_ON_START,
    text: ({ groupId }, asked) => (asked === 'start' ? `No such group ${groupId}` : 'Not found'),
  },
  GROUP_EXISTS: { status: FINAL, text: ({ groupId }) => `Group ${groupId} exists already` },
  GROUP_CYCLE: { status: FINAL, text: ({ path }) => `fallback_group_id closes a circle: ${path.join(' > ')}` },
  DISTRIBUTION_EXISTS: { status: FINAL, text: ({ distributionId }) => `Request ${distributionId} exists already` },
  DISTRIBUTION_UNKNOWN: { status: FINAL_ON_START, text: () => 'Not found' },
  SAVE_EXISTS: { status: FINAL, text: ({ requestId }) => `Request ${requestId} exists already` },
  API_KEY_EXISTS: { status: FINAL, text: ({ keyId }) => `API key ${keyId} exists already` },
  API_KEY_UNKNOWN: { status: FINAL_ON_START, text: () => 'Not found' },
  PERMISSION_GROUP_UNKNOWN: { status: FINAL_ON_START, text: () => 'Not found' },
  WEBHOOK_EXISTS: { status: FINAL, text: ({ webhookId }) => `Webhook ${webhookId} exists already` },
  WEBHOOK_UNKNOWN: { status: FINAL_ON_START, text: () => 'Not found' },
  WEBHOOK_CHANGED: { status: FINAL, text: ({ webhookId }) => `Webhook ${webhookId} has changed meanwhile` },
  OUT_OF_RANGE: {
    status: FINAL,
    text: ({ field, value, min, max }) =>
      `${wireName(field)} is ${value}: must be a whole number from ${min} to ${max}`,
  },
  INVALID: { status: FINAL, text: ({ field, message }) => `${wireName(field)} ${message}` },
  CAPACITY_BELOW_USE: {
    status: FINAL,
    text: ({ field, capacity, inUse }) =>
      `${field} is ${capacity}: must be at least ${inUse}, ${USED[field]} on the node`,
  },
  COMMAND_FAILED: { status: FINAL, text: () => 'The request could not be decided; it was recorded as failed' },
};

/** What a limit of a node counts. */
const USED: Readonly<Record<CapacityField, string>> = {
  max_vm_count: 'the VMs',
  vcpu_override: 'the vCPUs of the VMs',
  ram_override: 'the MiB of memory of the VMs',
};

/** Fields that the domain calls otherwise than the clients of this dialect. */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  memoryMiB: 'vram',
  externalId: 'external_id',
  nameTemplate: 'name_template',
  forwards: 'port_forwarding_override',
  keyId: 'id',
};
const wireName = (field: string): string => WIRE_NAMES[field] ?? field;

/** A refusal in the words of this dialect. */
export function refused(refusal: Refusal, asked: Asked): Failure {
  const { status, text } = WORDINGS[refusal.code] as Wording<Refusal>;
  return new Failure(status[asked], text(refusal, asked));
}
