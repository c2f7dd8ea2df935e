import type { ClusterCommand } from './commands.js';
import { refusePolicy, samePolicy, wholePolicy } from './policy.js';
import type { Refusal } from './refusal.js';
import type { Turn } from './turn.js';

/** Takes over the operator's policy. Alarms that are set already keep their time. */
export function setPolicy(turn: Turn, command: Extract<ClusterCommand, { type: 'SetPolicy' }>): Refusal | undefined {
  const policy = wholePolicy(command.policy);
  const refusal = refusePolicy(policy);
  if (refusal !== undefined) return refusal;
  if (!samePolicy(turn.cluster.policy, policy)) turn.emit({ type: 'PolicyChanged', policy });
  return undefined;
}
