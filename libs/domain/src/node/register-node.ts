import { isId, type NodeId, nodeId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node } from './node.js';
import type { NodeReport } from './node-commands.js';
import { refuseCached, refuseConfig, refuseFacts } from './node-rules.js';

/**
 * A node joins, or joins again after a restart. Its configuration is taken from the first join only: afterwards the controller owns
 * it, so that no restart loses a capacity or a drain.
 */
export function registerNode(turn: Turn, report: Extract<NodeReport, { type: 'RegisterNode' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  if (!isId(report.nodeId))
    return { code: 'INVALID', field: 'nodeId', message: `"${report.nodeId}" is not a valid id` };
  const refusal = refuseFacts(report.facts) ?? refuseConfig(report.config) ?? refuseCached(report.cached);
  if (refusal !== undefined) return refusal;
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
    sameKeys(node.cached, new Set(report.cached.map(({ templateId, tag }) => cacheKey(templateId, tag))))
  );
}

function sameKeys(known: ReadonlyMap<string, unknown>, told: ReadonlySet<string>): boolean {
  return known.size === told.size && [...told].every((key) => known.has(key));
}
