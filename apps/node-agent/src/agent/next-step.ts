import { type Action, type Assignment, reconcile } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { StartFailure, VmNote } from '../notes/vm-notes.js';

/** What to do next for one VM: the domain's action, or what follows from a start that failed here. */
export type Step = Action | 'halt' | 'report-failed';

/** All that is known of one VM on this node. */
export interface VmView {
  readonly wish: Assignment | undefined;
  readonly actual: HostVm | undefined;
  readonly note: VmNote | undefined;
  readonly asOf: number;
  /** The epoch whose start has been reported since the agent started; 0 for none. */
  readonly announcedEpoch: number;
}

/**
 * The domain's table, with what only this agent knows put before it: wishes older than one already seen, starts that failed or were
 * reported and are not yet known to the control plane, VMs that have ended.
 */
export function nextStep({ wish, actual, note, asOf, announcedEpoch }: VmView): Step {
  if (wish === undefined) return reconcile(undefined, actual, asOf);
  if (note !== undefined && note.epoch > wish.epoch) return 'nothing';
  if (wish.wish === 'absent' || wish.started) return reconcile(wish, actual, asOf);
  if (announcedEpoch === wish.epoch) return reconcile({ ...wish, started: true }, actual, asOf);
  if (note?.epoch === wish.epoch && (actual === undefined || actual.epoch === wish.epoch)) {
    if (note.failure !== undefined) return afterFailure(note.failure, actual);
    if (note.ended && actual === undefined) return 'nothing';
  }
  return reconcile(wish, actual, asOf);
}

function afterFailure({ remains }: StartFailure, actual: HostVm | undefined): Step {
  if (remains === 'none' && actual !== undefined) return 'destroy';
  if (remains === 'stopped' && actual?.status === 'running') return 'halt';
  return 'report-failed';
}
