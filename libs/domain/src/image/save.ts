import type { Cluster } from '../cluster.js';
import type { SaveId, TemplateId, VmId } from '../ids.js';
import type { SaveImageEvent } from './image-events.js';

/** The order to make a new tag out of what a running VM has written. At most one of a template is at work; the others wait in order. */
export interface Save {
  readonly id: SaveId;
  readonly vmId: VmId;
  /** The template that gets the tag; one that the save itself makes is not there yet. */
  readonly templateId: TemplateId;
  readonly order: SaveImageEvent;
  /** `waiting`: for earlier saves of its template. */
  state: 'waiting' | 'working' | 'done' | 'failed';
  /** When it is given up, while it is at work; forgotten, once it has ended. Unix ms. */
  dueAt?: number;
}

export const hasSaveEnded = ({ state }: Save): boolean => state === 'done' || state === 'failed';

/** What is said of VMs, distributions and saves that wanted a template, or a tag of it, that is gone. */
export const TEMPLATE_DELETED = 'template was deleted from the registry';

/** The save that the VM is held for, if it is. */
export function saveOf(cluster: Cluster, vmId: VmId): Save | undefined {
  const phase = cluster.vms.get(vmId)?.phase;
  return phase?.name === 'pushing' ? cluster.saves.get(phase.requestId) : undefined;
}

/** Whether the save's VM is held for it, and for no other. */
export const holdsItsVm = (cluster: Cluster, save: Save): boolean => saveOf(cluster, save.vmId) === save;
