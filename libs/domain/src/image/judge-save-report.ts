import type { Refusal } from '../refusal.js';
import { endOrphans, revert } from '../template/revert-template.js';
import { findVersion, isBlob, type TemplateImage } from '../template/template.js';
import type { Turn } from '../turn.js';
import { isSeatedAt, type Vm } from '../vm/vm.js';
import { failSave } from './end-save.js';
import type { ImageReport, ReportImageSaved } from './image-events.js';
import { hasSaveEnded, holdsItsVm, type Save } from './save.js';
import { keptTags } from './tags-ahead.js';

/** What a node says of the saving of a VM. Never refused: about one that is over, or not its business, it says nothing new. */
export function judgeSaveReport(turn: Turn, report: ImageReport): Refusal | undefined {
  const save = turn.cluster.saves.get(report.requestId as Save['id']);
  const vm = turn.cluster.vms.get(report.vmId as Vm['id']);
  if (save?.vmId !== vm?.id || save === undefined || vm === undefined) return undefined;
  if (!isSeatedAt(vm, report.nodeId, report.epoch) || save.state === 'waiting') return undefined;
  if (report.type === 'ReportImageSaveFailed') failSave(turn, save, report.error, report.scriptResult);
  else if (!isBlob(report.disk)) failSave(turn, save, 'the node named no layer', report.scriptResult);
  else push(turn, save, vm, report);
  return undefined;
}

/** The version, the end of the save, the end of the VM: each only if a crash has not left it behind already. */
function push(turn: Turn, save: Save, vm: Vm, { disk, scriptResult }: ReportImageSaved): void {
  const { order, id: requestId, templateId } = save;
  if (save.state === 'working') {
    if (order.revertBeforePush) takeBack(turn, save);
    const { tag } = order;
    const version = pushed(turn, save, vm, disk);
    const result = scriptResult && { scriptResult };
    turn.emit({ type: 'ImageSaved', requestId, vmId: vm.id, templateId, tag, version, ...result });
  }
  if (holdsItsVm(turn.cluster, save) && hasSaveEnded(save))
    turn.emit({ type: 'VMPushed', vmId: vm.id, nodeId: order.nodeId, requestId });
}

function takeBack(turn: Turn, { order, templateId }: Save): void {
  const template = turn.cluster.templates.get(templateId);
  if (!turn.resumed && template !== undefined) {
    const kept = keptTags(
      template.versions.map(({ tag }) => tag),
      order,
    );
    const first = template.versions[kept.length];
    if (first !== undefined) revert(turn, template, first);
  }
  endOrphans(turn, templateId);
}

/** Number of the new version. Its layers are those of the VM's image, with what the guest wrote on top. */
function pushed(turn: Turn, { order, templateId }: Save, vm: Vm, disk: TemplateImage['disk']): number {
  const { tag, description, templateName } = order;
  const template = turn.cluster.templates.get(templateId);
  const known = turn.resumed ? template && findVersion(template, tag) : undefined;
  if (known !== undefined) return known.number;
  const { base, disk: below, kernel, initrd, cmdline, arch } = vm.image;
  const name = template?.name ?? templateName;
  const number = template?.versions.length ?? 0;
  const image: TemplateImage = {
    templateId,
    templateName: name,
    tag,
    version: number,
    arch,
    base: [...(base ?? []), below],
    disk,
    ...(kernel && { kernel }),
    ...(initrd && { initrd }),
    ...(cmdline !== undefined && { cmdline }),
  };
  const { cpu, memoryMiB, forwards } = vm;
  const version = { number, tag, description, image, cpu, memoryMiB, forwards, pushedAt: turn.time };
  turn.emit({ type: 'PushTemplate', templateId, name, arch, version });
  return number;
}
