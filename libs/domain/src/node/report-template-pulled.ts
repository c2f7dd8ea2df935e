import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node } from './node.js';
import type { NodeReport } from './node-commands.js';

/** The node has all files of a template version in its cache. */
export function reportTemplatePulled(
  turn: Turn,
  report: Extract<NodeReport, { type: 'ReportTemplatePulled' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined || node.deleted || node.cached.has(cacheKey(report.templateId, report.tag))) return undefined;
  turn.emit({ type: 'TemplatePulled', nodeId: node.id, templateId: report.templateId, tag: report.tag });
  return undefined;
}
