import { abortDistributionsOf } from '../distribution/end-rows.js';
import { TEMPLATE_DELETED } from '../image/save.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Template } from './template.js';
import type { TemplateCommand } from './template-events.js';

/**
 * Takes a template out of the registry. VMs that still wait for it fail; those that have a node keep what they have. Distributions
 * of it end.
 */
export function deleteRegistryVm(
  turn: Turn,
  command: Extract<TemplateCommand, { type: 'DeleteRegistryVm' }>,
): Refusal | undefined {
  const template = turn.cluster.templates.get(command.templateId as Template['id']);
  if (!turn.resumed) {
    if (template === undefined) return { code: 'TEMPLATE_UNKNOWN', templateId: command.templateId };
    turn.emit({ type: 'DeleteRegistryVm', templateId: template.id });
  }
  for (const vmId of [...turn.cluster.pending]) {
    if (turn.cluster.vms.get(vmId)?.image.templateId !== command.templateId) continue;
    turn.emit({ type: 'VMFailedToStart', vmId, message: TEMPLATE_DELETED });
  }
  abortDistributionsOf(turn, command.templateId, TEMPLATE_DELETED);
  return undefined;
}
