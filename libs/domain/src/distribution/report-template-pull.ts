import type { DistributionId, NodeId } from '../ids.js';
import { MAX_ERROR_LENGTH } from '../limits.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { hasEnded } from './distribution.js';
import type { DistributionReport } from './distribution-events.js';

/** Steps in which progress is recorded, however finely a node tells it. */
const STEPS = 10;

/** What a node says of its part in a distribution. Never refused: about a part that has ended it says nothing new. */
export function reportTemplatePull(turn: Turn, report: DistributionReport): Refusal | undefined {
  const distribution = turn.cluster.distributions.get(report.distributionId as DistributionId);
  const nodeId = report.nodeId as NodeId;
  const row = distribution?.nodes.get(nodeId);
  if (distribution === undefined || row === undefined || hasEnded(row)) return undefined;
  const of = { distributionId: distribution.id, nodeId };
  if (report.type === 'ReportTemplatePullFailed') {
    turn.emit({ type: 'DistributionRowEnded', ...of, error: report.message.slice(0, MAX_ERROR_LENGTH) });
    return undefined;
  }
  const progress = Math.floor(report.progress * STEPS) / STEPS;
  if (progress > row.progress && progress <= 1) turn.emit({ type: 'DistributionProgressed', ...of, progress });
  return undefined;
}
