import { type Action, type Assignment, reconcile } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import type { SaveNote, StartFailure, VmNote } from '../notes/vm-notes.js';

/** What to do next for one VM: the domain's action, or what follows from a start or a saving that came to its end here. */
export type Step =
  | Action
  | 'halt'
  | 'report-failed'
  /** Boot the guest again that was powered off to be saved. */
  | 'resume'
  | 'report-saved'
  | 'report-save-failed';

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
  if (wish.started) return withSaving(reconcile(wish, actual, asOf), wish, actual, note);
  if (wish.wish === 'absent') return reconcile(wish, actual, asOf);
  if (announcedEpoch === wish.epoch) return reconcile({ ...wish, started: true }, actual, asOf);
  if (note?.epoch === wish.epoch && (actual === undefined || actual.epoch === wish.epoch)) {
    if (note.failure !== undefined) return afterFailure(note.failure, actual);
    if (note.ended && actual === undefined) return 'nothing';
  }
  return reconcile(wish, actual, asOf);
}

/** The domain's action, unless a saving that was begun has something to say to it. */
function withSaving(action: Action, wish: Assignment, actual: HostVm | undefined, note: VmNote | undefined): Step {
  const save = note?.epoch === wish.epoch ? note.save : undefined;
  if (save === undefined || actual?.epoch !== wish.epoch || wish.wish === 'absent') return action;
  if (save.requestId === wish.save?.requestId) return afterSaving(save, actual);
  if (action === 'restart' || !isOffByUs(save)) return action;
  // That saving is not wished any more: the guest that we powered off is to be as if nothing had been.
  return action === 'save' && actual.status === 'running' ? 'save' : 'resume';
}

function afterSaving(save: SaveNote, actual: HostVm): Step {
  if (save.stage === 'saved') return 'report-saved';
  if (save.stage !== 'failed') return 'save';
  return save.mustRun && actual.status === 'stopped' ? 'resume' : 'report-save-failed';
}

function isOffByUs(save: SaveNote): boolean {
  return save.stage === 'stopping' || save.stage === 'saved' || (save.stage === 'failed' && save.mustRun);
}

function afterFailure({ remains }: StartFailure, actual: HostVm | undefined): Step {
  if (remains === 'none' && actual !== undefined) return 'destroy';
  if (remains === 'stopped' && actual?.status === 'running') return 'halt';
  return 'report-failed';
}
