import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Node } from './node.js';
import type { NodeReport } from './node-commands.js';
import { refuseUnknownVms } from './node-rules.js';

/** The node counts the VMs that others run on its host: they use slots, too. */
export function reportUnknownVms(
  turn: Turn,
  report: Extract<NodeReport, { type: 'ReportUnknownVMs' }>,
): Refusal | undefined {
  if (turn.resumed) return undefined;
  const refusal = refuseUnknownVms(report.vms);
  if (refusal !== undefined) return refusal;
  const node = turn.cluster.nodes.get(report.nodeId as Node['id']);
  if (node === undefined || node.deleted || (node.unknownVms ?? 0) === report.vms) return undefined;
  turn.emit({ type: 'UnknownVMsFound', nodeId: node.id, vms: report.vms });
  return undefined;
}
