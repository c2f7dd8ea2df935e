import type { Cluster } from '../cluster.js';
import type { NodeId } from '../ids.js';
import { DISTRIBUTION_LIMIT_MS } from '../limits.js';
import { cacheKey } from '../node/node.js';
import { CANCELED, type Distribution, type DistributionRow, hasEnded, WRONG_ARCHITECTURE } from './distribution.js';
import type { DistributeTemplateToNodesEvent, DistributionEvent } from './distribution-events.js';

/** Folds one fact about a distribution. Total: a fact about one that is not here (any more) changes nothing. */
export function evolveDistribution(cluster: Cluster, event: DistributionEvent, time: number): void {
  if (event.type === 'DistributeTemplateToNodes') return accept(cluster, event, time);
  const distribution = cluster.distributions.get(event.distributionId);
  if (distribution === undefined) return;
  switch (event.type) {
    case 'DistributionProgressed': {
      const row = distribution.nodes.get(event.nodeId);
      if (row !== undefined) row.progress = event.progress;
      return;
    }
    case 'DistributionRowEnded':
      return endRow(cluster, distribution, event.nodeId, event.error);
    case 'CancelDistribution':
      return endAll(cluster, distribution, CANCELED);
    case 'DistributionAborted':
      return endAll(cluster, distribution, event.error);
    case 'DistributionForgotten':
      endAll(cluster, distribution, CANCELED);
      cluster.distributions.delete(distribution.id);
  }
}

function accept(cluster: Cluster, event: DistributeTemplateToNodesEvent, time: number): void {
  const { distributionId: id, templateId, tag, version, image, nodeIds } = event;
  if (cluster.distributions.has(id)) return;
  const nodes = new Map<NodeId, DistributionRow>();
  for (const nodeId of nodeIds) nodes.set(nodeId, { progress: 0, done: false });
  for (const nodeId of event.cachedOn) nodes.set(nodeId, { progress: 1, done: true });
  for (const nodeId of event.unfit) nodes.set(nodeId, { progress: 0, done: false, error: WRONG_ARCHITECTURE });
  const distribution: Distribution = {
    ...{ id, templateId, tag, version, image, nodes },
    requestedAt: time,
    unfinished: nodeIds.length,
  };
  cluster.distributions.set(id, distribution);
  if (nodeIds.length > 0) {
    distribution.dueAt = time + DISTRIBUTION_LIMIT_MS;
    cluster.timers.distributions.add(distribution.dueAt, id);
  }
  for (const nodeId of nodeIds) {
    const node = cluster.nodes.get(nodeId);
    node?.distributions.add(id);
    // Whoever wants it there now does not want it gone.
    node?.removals.delete(cacheKey(templateId, tag));
    cluster.touched.add(nodeId);
  }
}

function endAll(cluster: Cluster, distribution: Distribution, error: string): void {
  for (const nodeId of distribution.nodes.keys()) endRow(cluster, distribution, nodeId, error);
}

function endRow(cluster: Cluster, distribution: Distribution, nodeId: NodeId, error: string | undefined): void {
  const row = distribution.nodes.get(nodeId);
  if (row === undefined || hasEnded(row)) return;
  if (error === undefined) Object.assign(row, { progress: 1, done: true });
  else row.error = error;
  distribution.unfinished--;
  if (distribution.unfinished === 0) delete distribution.dueAt;
  cluster.nodes.get(nodeId)?.distributions.delete(distribution.id);
  cluster.touched.add(nodeId);
}
