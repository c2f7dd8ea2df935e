import type { ClusterCommand } from './commands.js';
import { MAX_POLICY_MS } from './limits.js';
import { type Policy, samePolicy } from './policy.js';
import { outOfRange, type Refusal } from './refusal.js';
import type { Turn } from './turn.js';

/** Takes over the operator's time limits. Alarms that are set already keep their time. */
export function setPolicy(turn: Turn, command: Extract<ClusterCommand, { type: 'SetPolicy' }>): Refusal | undefined {
  const { terminatedVisibleMs, nodeSilentMs, startLimitMs } = command.policy;
  // A start that is due at once would fire in the very turn that placed it.
  const refusal =
    outOfRange('terminatedVisibleMs', terminatedVisibleMs, 0, MAX_POLICY_MS) ??
    outOfRange('nodeSilentMs', nodeSilentMs, 1, MAX_POLICY_MS) ??
    outOfRange('startLimitMs', startLimitMs, 1, MAX_POLICY_MS);
  if (refusal !== undefined) return refusal;
  const policy: Policy = { terminatedVisibleMs, nodeSilentMs, startLimitMs };
  if (!samePolicy(turn.cluster.policy, policy)) turn.emit({ type: 'PolicyChanged', policy });
  return undefined;
}
