import { endRowsOfCached } from '../distribution/end-rows.js';
import { isId, type NodeId, nodeId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node, type NodeFacts } from './node.js';
import type { NodeReport } from './node-commands.js';
import { refuseCached, refuseConfig, refuseFacts, refuseUnknownVms } from './node-rules.js';

type Registration = Extract<NodeReport, { type: 'RegisterNode' }>;

/**
 * A node joins, or joins again after a restart. Its configuration is taken from the first join only: afterwards the controller owns
 * it, so that no restart loses a capacity or a drain. What it brings in its cache need not be distributed to it.
 */
export function registerNode(turn: Turn, report: Registration): Refusal | undefined {
  const refusal = turn.resumed ? undefined : join(turn, report);
  if (refusal !== undefined) return refusal;
  const node = turn.cluster.nodes.get(report.nodeId as NodeId);
  if (node !== undefined) endRowsOfCached(turn, node);
  return undefined;
}

function join(turn: Turn, report: Registration): Refusal | undefined {
  if (!isId(report.nodeId))
    return { code: 'INVALID', field: 'nodeId', message: `"${report.nodeId}" is not a valid id` };
  const refusal =
    refuseFacts(report.facts) ??
    refuseConfig(report.config) ??
    refuseCached(report.cached) ??
    refuseUnknownVms(report.unknownVms);
  if (refusal !== undefined) return refusal;
  const known = turn.cluster.nodes.get(report.nodeId as NodeId);
  if (known !== undefined && tellsNothingNew(known, report)) return undefined;
  turn.emit({
    type: 'NodeRegistered',
    nodeId: nodeId(report.nodeId),
    facts: known === undefined ? report.facts : { ...report.facts, name: known.facts.name, host: known.facts.host },
    config: known?.config ?? report.config,
    cached: report.cached,
    ...(report.unknownVms !== undefined && { unknownVms: report.unknownVms }),
  });
  return undefined;
}

function tellsNothingNew(node: Node, report: Registration): boolean {
  const { facts } = report;
  return (
    node.online &&
    !node.deleted &&
    sameFacts(node.facts, facts) &&
    (node.unknownVms ?? 0) === (report.unknownVms ?? 0) &&
    sameKeys(node.cached, new Set(report.cached.map(({ templateId, tag }) => cacheKey(templateId, tag))))
  );
}

/** Whether the node says of itself what it said before; name and address are the controller's once it knows them. */
function sameFacts(known: NodeFacts, told: NodeFacts): boolean {
  const fields = new Set([...Object.keys(known), ...Object.keys(told)]) as Set<keyof NodeFacts>;
  return [...fields].every(
    (field) => field === 'name' || field === 'host' || JSON.stringify(known[field]) === JSON.stringify(told[field]),
  );
}

function sameKeys(known: ReadonlyMap<string, unknown>, told: ReadonlySet<string>): boolean {
  return known.size === told.size && [...told].every((key) => known.has(key));
}
