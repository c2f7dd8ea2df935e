/**
 * Why the rules say no. A closed union: each dialect maps it through an exhaustive record, so a new refusal breaks every dialect at
 * compile time. `detail` carries the values that a dialect's wording needs.
 */
export type Refusal =
  | { code: 'TEMPLATE_UNKNOWN'; templateId: string }
  | { code: 'TAG_UNKNOWN'; templateId: string; tag: string }
  | { code: 'VERSION_UNKNOWN'; templateId: string; version: number }
  | { code: 'TAG_EXISTS'; templateId: string; tag: string }
  | { code: 'VM_UNKNOWN'; vmId: string }
  | { code: 'VM_EXISTS'; vmId: string }
  | { code: 'VM_NOT_RUNNING'; vmId: string; phase: string }
  | { code: 'NODE_UNKNOWN'; nodeId: string }
  | { code: 'GROUP_UNKNOWN'; groupId: string }
  | { code: 'GROUP_EXISTS'; groupId: string }
  /** `path`: the groups in the order of their fallbacks, the first again at the end. */
  | { code: 'GROUP_CYCLE'; path: readonly string[] }
  | { code: 'DISTRIBUTION_EXISTS'; distributionId: string }
  | { code: 'DISTRIBUTION_UNKNOWN'; distributionId: string }
  | { code: 'SAVE_EXISTS'; requestId: string }
  | { code: 'API_KEY_EXISTS'; keyId: string }
  | { code: 'API_KEY_UNKNOWN'; keyId: string }
  /** `name`: of the group or user that has no permissions. */
  | { code: 'PERMISSION_GROUP_UNKNOWN'; name: string }
  | { code: 'WEBHOOK_EXISTS'; webhookId: string }
  | { code: 'WEBHOOK_UNKNOWN'; webhookId: string }
  /** Another state was meant; it is in this one: the sequence of the last event about it. */
  | { code: 'WEBHOOK_CHANGED'; webhookId: string; version: number }
  | { code: 'OUT_OF_RANGE'; field: string; value: number; min: number; max: number }
  | { code: 'INVALID'; field: string; message: string }
  /** `field`: which limit, as operators know it. Memory in MiB. */
  | { code: 'CAPACITY_BELOW_USE'; nodeId: string; field: CapacityField; capacity: number; inUse: number }
  | { code: 'COMMAND_FAILED'; message: string };

export type CapacityField = 'max_vm_count' | 'vcpu_override' | 'ram_override';

export type RefusalCode = Refusal['code'];

export function notOneOf(field: string, value: unknown, allowed: readonly string[]): Refusal | undefined {
  if (allowed.includes(value as string)) return undefined;
  return { code: 'INVALID', field, message: `is ${JSON.stringify(value)}: must be one of ${allowed.join(', ')}` };
}

/** Refuses unless `min ≤ value ≤ max`; fractions are refused too. */
export function outOfRange(field: string, value: number, min: number, max: number): Refusal | undefined {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return { code: 'OUT_OF_RANGE', field, value, min, max };
}
