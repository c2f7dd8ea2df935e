import type { NodeId } from '../ids.js';
import { cacheKey, type Node } from '../node/node.js';
import type { Turn } from '../turn.js';
import { type Distribution, hasEnded } from './distribution.js';

/** The node has this version, or, without a key, whatever its cache now holds: rows that waited for it are done. */
export function endRowsOfCached(turn: Turn, node: Node, pulled?: string): void {
  for (const distributionId of [...node.distributions]) {
    const distribution = turn.cluster.distributions.get(distributionId);
    if (distribution === undefined) continue;
    const key = cacheKey(distribution.templateId, distribution.tag);
    if (pulled === undefined ? node.cached.has(key) : pulled === key)
      turn.emit({ type: 'DistributionRowEnded', distributionId, nodeId: node.id });
  }
}

/** The node is gone, perhaps from the cluster already. */
export function endRowsOfNode(turn: Turn, id: string, error: string): void {
  const nodeId = id as NodeId;
  for (const distribution of turn.cluster.distributions.values()) {
    const row = distribution.nodes.get(nodeId);
    if (row === undefined || hasEnded(row)) continue;
    turn.emit({ type: 'DistributionRowEnded', distributionId: distribution.id, nodeId, error });
  }
}

/** The template is gone: nobody can pull it any more. */
export function abortDistributionsOf(turn: Turn, templateId: string, error: string): void {
  for (const distribution of turn.cluster.distributions.values()) {
    if (distribution.templateId === templateId) abortDistribution(turn, distribution, error);
  }
}

export function abortDistribution(turn: Turn, { id, unfinished }: Distribution, error: string): void {
  if (unfinished > 0) turn.emit({ type: 'DistributionAborted', distributionId: id, error });
}
