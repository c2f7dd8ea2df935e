import { isId, type NodeId, nodeId } from '../ids.js';
import { MAX_NODE_CAPACITY } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node } from './node.js';
import type { NodeReport } from './node-commands.js';

/**
 * A node joins, or joins again after a restart. Its configuration is taken from the first join only: afterwards the controller owns
 * it, so that no restart loses a capacity or a drain.
 */
export function registerNode(turn: Turn, report: Extract<NodeReport, { type: 'RegisterNode' }>): Refusal | undefined {
  if (!isId(report.nodeId))
    return { code: 'INVALID', field: 'nodeId', message: `"${report.nodeId}" is not a valid id` };
  const capacity = outOfRange('capacity', report.config.capacity, 0, MAX_NODE_CAPACITY);
  if (capacity !== undefined) return capacity;
  const known = turn.cluster.nodes.get(report.nodeId as NodeId);
  if (known !== undefined && tellsNothingNew(known, report)) return undefined;
  turn.emit({
    type: 'NodeRegistered',
    nodeId: nodeId(report.nodeId),
    facts: known === undefined ? report.facts : { ...report.facts, name: known.facts.name, host: known.facts.host },
    config: known?.config ?? report.config,
    cached: report.cached,
  });
  return undefined;
}

function tellsNothingNew(node: Node, report: Extract<NodeReport, { type: 'RegisterNode' }>): boolean {
  const { facts } = report;
  return (
    node.online &&
    !node.deleted &&
    node.facts.arch === facts.arch &&
    node.facts.cpuCount === facts.cpuCount &&
    node.facts.memoryMiB === facts.memoryMiB &&
    node.facts.driver === facts.driver &&
    node.facts.driverVersion === facts.driverVersion &&
    node.facts.agentVersion === facts.agentVersion &&
    node.cached.size === report.cached.length &&
    report.cached.every(({ templateId, tag }) => node.cached.has(cacheKey(templateId, tag)))
  );
}
