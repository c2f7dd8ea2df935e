import { type Refusal, type RefusalCode, refusalWords } from '#domain';
import { Problem } from '../shell/problem.js';

/** The status of each refusal in our own API. */
const STATUS: Record<RefusalCode, number> = {
  TEMPLATE_UNKNOWN: 404,
  TAG_UNKNOWN: 404,
  VERSION_UNKNOWN: 404,
  TAG_EXISTS: 409,
  VM_UNKNOWN: 404,
  VM_EXISTS: 409,
  VM_NOT_RUNNING: 409,
  NODE_UNKNOWN: 404,
  GROUP_UNKNOWN: 404,
  GROUP_EXISTS: 409,
  GROUP_CYCLE: 409,
  DISTRIBUTION_EXISTS: 409,
  DISTRIBUTION_UNKNOWN: 404,
  SAVE_EXISTS: 409,
  API_KEY_EXISTS: 409,
  API_KEY_UNKNOWN: 404,
  PERMISSION_GROUP_UNKNOWN: 404,
  WEBHOOK_EXISTS: 409,
  WEBHOOK_UNKNOWN: 404,
  WEBHOOK_CHANGED: 412,
  OUT_OF_RANGE: 400,
  INVALID: 400,
  CAPACITY_BELOW_USE: 409,
  COMMAND_FAILED: 500,
};

/** The refusal as a problem; its values are in the extensions. */
export function refusalProblem(refusal: Refusal): Problem {
  const { code, ...values } = refusal;
  return new Problem(STATUS[code], 'The command was refused', sentence(refusal), { code, ...values });
}

function sentence(refusal: Refusal): string {
  const words = refusalWords(refusal);
  return refusal.code === 'COMMAND_FAILED' ? `${words}; its log has more` : words;
}
