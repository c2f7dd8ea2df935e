import type { Cluster } from '../cluster.js';
import type { DomainEvent, RecordedEvent } from '../events.js';
import type { TemplateId } from '../ids.js';
import { placementOf } from '../vm/vm.js';
import type { ImageEvent, SaveImageEvent } from './image-events.js';
import { hasSaveEnded, type Save } from './save.js';

const TYPES = { SaveImage: true, ImageSaved: true, ImageSaveFailed: true, ImageSaveForgotten: true } satisfies Record<
  ImageEvent['type'],
  true
>;

export const isImageEvent = (event: DomainEvent): event is ImageEvent => Object.hasOwn(TYPES, event.type);

/** Folds one fact about a save. Total: a fact about one that is not here (any more) changes nothing. */
export function evolveImage(cluster: Cluster, recorded: RecordedEvent, event: ImageEvent): void {
  if (event.type === 'SaveImage') return accept(cluster, recorded, event);
  const save = cluster.saves.get(event.requestId);
  if (save === undefined) return;
  if (!hasSaveEnded(save)) end(cluster, save, event.type === 'ImageSaved', recorded.time);
  if (event.type === 'ImageSaveForgotten') cluster.saves.delete(save.id);
}

function accept(cluster: Cluster, { cause, time }: RecordedEvent, order: SaveImageEvent): void {
  const { requestId: id, vmId, templateId } = order;
  if (cluster.saves.has(id)) return;
  const save: Save = { id, vmId, templateId, order, state: 'waiting' };
  cluster.saves.set(id, save);
  cluster.saving.add(id);
  const vm = cluster.vms.get(vmId);
  if (vm !== undefined) vm.correlationId = cause.correlationId;
  workOnNext(cluster, templateId, time);
}

function end(cluster: Cluster, save: Save, isDone: boolean, time: number): void {
  cluster.saving.delete(save.id);
  cluster.attention.saves = true;
  save.state = isDone ? 'done' : 'failed';
  setSaveDue(cluster, save, time + cluster.policy.saveVisibleMs);
  workOnNext(cluster, save.templateId, time);
}

/** Has the first save of the template work, if none does. Its VM's node is told. */
function workOnNext(cluster: Cluster, templateId: TemplateId, time: number): void {
  for (const id of cluster.saving) {
    const save = cluster.saves.get(id);
    if (save?.templateId !== templateId) continue;
    if (save.state === 'working') return;
    save.state = 'working';
    setSaveDue(cluster, save, time + cluster.policy.saveLimitMs);
    const vm = cluster.vms.get(save.vmId);
    const at = vm && placementOf(vm);
    if (at !== undefined) cluster.touched.add(at.nodeId);
    return;
  }
}

function setSaveDue(cluster: Cluster, save: Save, dueAt: number): void {
  save.dueAt = dueAt;
  cluster.timers.saves.add(dueAt, save.id);
}
