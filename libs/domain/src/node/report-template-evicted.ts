import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { cacheKey, type Node } from './node.js';
import type { NodeReport } from './node-commands.js';

/** The node no longer has all files of a template version: it was told to remove it, or needed the room. */
export function reportTemplateEvicted(
  turn: Turn,
  report: Extract<NodeReport, { type: 'ReportTemplateEvicted' }>,
): Refusal | undefined {
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined || !node.cached.has(cacheKey(report.templateId, report.tag))) return undefined;
  turn.emit({ type: 'TemplateEvicted', nodeId: node.id, templateId: report.templateId, tag: report.tag });
  return undefined;
}
