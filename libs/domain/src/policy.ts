/** What the operator may set about time. Recorded in the log, because decisions depend on it. All in milliseconds. */
export interface Policy {
  /** How long a terminated VM stays in lists (`ANKA_INSTANCE_TIME_OUT`). */
  terminatedVisibleMs: number;
  /** A node without a heartbeat for this long is offline (`ANKA_NODE_ACTIVE_TIMEOUT`). */
  nodeSilentMs: number;
  /** From placement, or from the end of a pull, to a running guest; then the attempt has failed (anka.md §4.4: 90 s). */
  startLimitMs: number;
}

export const DEFAULT_POLICY: Policy = { terminatedVisibleMs: 60_000, nodeSilentMs: 120_000, startLimitMs: 90_000 };

export function samePolicy(a: Policy, b: Policy): boolean {
  return (
    a.terminatedVisibleMs === b.terminatedVisibleMs &&
    a.nodeSilentMs === b.nodeSilentMs &&
    a.startLimitMs === b.startLimitMs
  );
}
