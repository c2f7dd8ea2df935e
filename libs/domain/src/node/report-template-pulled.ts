import { endRowsOfCached } from '../distribution/end-rows.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node } from './node.js';
import type { NodeReport } from './node-commands.js';

/** The node has all files of a template version in its cache. Its part in distributions of that version is done. */
export function reportTemplatePulled(
  turn: Turn,
  report: Extract<NodeReport, { type: 'ReportTemplatePulled' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined || node.deleted) return undefined;
  const { templateId, tag } = report;
  const key = cacheKey(templateId, tag);
  if (!node.cached.has(key)) turn.emit({ type: 'TemplatePulled', nodeId: node.id, templateId, tag });
  endRowsOfCached(turn, node, key);
  return undefined;
}
