import { isId, saveId, templateId } from '../ids.js';
import { MAX_SAVES } from '../limits.js';
import { priorityOf } from '../placement/pending-queue.js';
import type { Refusal } from '../refusal.js';
import type { Template } from '../template/template.js';
import type { Turn } from '../turn.js';
import type { Vm } from '../vm/vm.js';
import type { ImageCommand } from './image-events.js';
import { hasSaveEnded, type Save } from './save.js';
import { refuseTarget, refuseTerms } from './save-rules.js';

/** Accepts a save: everything is checked before anything changes. The VM is held from now on; the oldest ended save may be forgotten. */
export function saveImage(turn: Turn, command: ImageCommand): Refusal | undefined {
  const { cluster } = turn;
  const vm = cluster.vms.get(command.vmId as Vm['id']);
  if (!turn.resumed) {
    const refusal = refuseRequest(turn, command, vm) ?? refuseTerms(command);
    if (refusal !== undefined) return refusal;
    if (vm?.phase.name !== 'running')
      return { code: 'VM_NOT_RUNNING', vmId: command.vmId, phase: vm?.phase.name ?? '' };
    const wrongTarget = refuseTarget(cluster, command, vm);
    if (wrongTarget !== undefined) return wrongTarget;
    accept(turn, command, vm, vm.phase);
  }
  if (vm?.phase.name === 'running') {
    const { nodeId } = vm.phase.at;
    turn.emit({ type: 'VMPushing', vmId: vm.id, nodeId, requestId: saveId(command.requestId) });
  }
  while (cluster.saves.size > MAX_SAVES) {
    const oldest = oldestEnded(turn);
    if (oldest === undefined) break;
    turn.emit({ type: 'ImageSaveForgotten', requestId: oldest.id });
  }
  return undefined;
}

function refuseRequest(turn: Turn, { requestId, vmId }: ImageCommand, vm: Vm | undefined): Refusal | undefined {
  const { saves, saving } = turn.cluster;
  if (!isId(requestId)) return { code: 'INVALID', field: 'requestId', message: 'is not a valid id' };
  if (saves.has(requestId as Save['id'])) return { code: 'SAVE_EXISTS', requestId };
  if (vm === undefined) return { code: 'VM_UNKNOWN', vmId };
  if (saving.size < MAX_SAVES) return undefined;
  return { code: 'OUT_OF_RANGE', field: 'unfinished saves', value: saving.size + 1, min: 0, max: MAX_SAVES };
}

function accept(
  turn: Turn,
  command: ImageCommand,
  vm: Vm,
  { at, instance }: Extract<Vm['phase'], { name: 'running' }>,
) {
  const { type, requestId, vmId: _vmId, target, ...terms } = command;
  const isNewTemplate = 'newTemplateId' in target;
  const into = isNewTemplate ? target.newTemplateId : target.templateId;
  turn.emit({
    type,
    requestId: saveId(requestId),
    vmId: vm.id,
    nodeId: at.nodeId,
    hostUuid: instance.uuid,
    priority: priorityOf(vm),
    templateId: templateId(into),
    templateName: isNewTemplate ? target.newTemplateName : nameOf(turn, into),
    isNewTemplate,
    ...terms,
  });
}

const nameOf = ({ cluster }: Turn, id: string): string => cluster.templates.get(id as Template['id'])?.name ?? '';

function oldestEnded({ cluster }: Turn): Save | undefined {
  for (const save of cluster.saves.values()) if (hasSaveEnded(save)) return save;
  return undefined;
}
