import type { DistributionId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { DistributionCommand } from './distribution-events.js';

/** Ends what has not ended of a distribution. One that has finished stays as it is. */
export function cancelDistribution(
  turn: Turn,
  command: Extract<DistributionCommand, { type: 'CancelDistribution' }>,
): Refusal | undefined {
  const distribution = turn.cluster.distributions.get(command.distributionId as DistributionId);
  if (distribution === undefined)
    return turn.resumed ? undefined : { code: 'DISTRIBUTION_UNKNOWN', distributionId: command.distributionId };
  if (distribution.unfinished > 0) turn.emit({ type: 'CancelDistribution', distributionId: distribution.id });
  return undefined;
}
