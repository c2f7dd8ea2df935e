/** What the node should make true for one VM. Undefined: the node's desired state does not name the VM. */
export interface Wish {
  readonly epoch: number;
  readonly wish: 'present' | 'absent';
  readonly started: boolean;
  readonly restarts: number;
  /** Save the guest's disk as an image. */
  readonly save?: object;
}

/** What is on the host for that VM. Undefined: nothing. */
export interface Actual {
  readonly epoch: number;
  readonly status: 'running' | 'stopped';
  readonly restarts: number;
}

/** The one thing to do next. */
export type Action =
  | 'nothing'
  /** Create and boot it; then announce it. */
  | 'start'
  /** It runs, but the control plane does not know: finish the startup (script) and report it. */
  | 'announce'
  | 'restart'
  /** Make an image of what the guest has written; it is powered off for that, and that is no news. */
  | 'save'
  | 'report-restarted'
  | 'report-stopped'
  /** The control plane counts on a VM that is not here any more. */
  | 'report-lost'
  | 'destroy'
  | 'report-terminated';

/**
 * Compares wish and host for one VM. A table without history: whatever was missed, the next look finds the same action.
 *
 * `asOf` is the sequence up to which the desired state speaks; a VM placed later is not its business, and a VM that the host holds
 * under a newer epoch than the wish is left alone, because then the wish is the one that is old.
 */
export function reconcile(wish: Wish | undefined, actual: Actual | undefined, asOf: number): Action {
  if (wish === undefined) return actual !== undefined && actual.epoch <= asOf ? 'destroy' : 'nothing';
  if (actual === undefined) return ifNothingHere(wish);
  if (actual.epoch > wish.epoch) return 'nothing';
  if (actual.epoch < wish.epoch || wish.wish === 'absent') return 'destroy';
  if (!wish.started) return actual.status === 'running' ? 'announce' : 'start';
  if (wish.save !== undefined) return 'save';
  if (actual.restarts < wish.restarts) return 'restart';
  if (actual.status === 'stopped') return 'report-stopped';
  return wish.restarts > 0 ? 'report-restarted' : 'nothing';
}

function ifNothingHere(wish: Wish): Action {
  if (wish.wish === 'absent') return 'report-terminated';
  return wish.started ? 'report-lost' : 'start';
}
