import { MAX_ERROR_LENGTH } from '../limits.js';
import type { Turn } from '../turn.js';
import type { ScriptResult } from '../vm/vm.js';
import { hasSaveEnded, holdsItsVm, type Save, TEMPLATE_DELETED } from './save.js';
import { keptTags, tagsAhead } from './tags-ahead.js';

/** The save comes to nothing: the VM, if it is held still, runs on. */
export function failSave(turn: Turn, save: Save, error: string, scriptResult?: ScriptResult): void {
  const { id: requestId, vmId, order } = save;
  if (hasSaveEnded(save)) return;
  if (holdsItsVm(turn.cluster, save)) turn.emit({ type: 'VMPushFailed', vmId, nodeId: order.nodeId, requestId });
  turn.emit({
    type: 'ImageSaveFailed',
    requestId,
    vmId,
    error: error.slice(0, MAX_ERROR_LENGTH),
    ...(scriptResult && { scriptResult }),
  });
}

/**
 * Ends every save that cannot succeed any more, whatever command made it so. Only what changed VMs that are held, templates or saves
 * can have done that, and says so in `attention`.
 */
export function endHopelessSaves(turn: Turn): void {
  const { attention, saves, saving } = turn.cluster;
  if (!attention.saves) return;
  for (const id of [...saving]) {
    const save = saves.get(id);
    const error = save && whyHopeless(turn, save);
    if (save !== undefined && error !== undefined) failSave(turn, save, error);
  }
  attention.saves = false;
}

export const overdue = ({ cluster }: Turn): string => `not saved within ${cluster.policy.saveLimitMs / 60_000} min`;

/** The first rule that holds before the VM is let go must hold afterwards, too: a crash may lie between. */
function whyHopeless(turn: Turn, save: Save): string | undefined {
  const { cluster, time } = turn;
  const { order, templateId } = save;
  const template = cluster.templates.get(templateId);
  const arch = cluster.vms.get(save.vmId)?.image.arch;
  if (save.dueAt !== undefined && save.dueAt <= time) return overdue(turn);
  if (template === undefined && !order.isNewTemplate) return TEMPLATE_DELETED;
  if (template !== undefined && arch !== undefined && template.arch !== arch)
    return `template is ${template.arch}, the VM is ${arch}`;
  if (keptTags(tagsAhead(cluster, templateId, save), order).includes(order.tag))
    return `tag ${order.tag} exists already`;
  return holdsItsVm(cluster, save) ? undefined : whyGone(turn, save);
}

function whyGone({ cluster }: Turn, { vmId }: Save): string {
  const phase = cluster.vms.get(vmId)?.phase;
  if (phase?.name === 'failed') return phase.message;
  return 'instance was terminated';
}
