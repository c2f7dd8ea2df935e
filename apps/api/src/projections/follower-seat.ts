/**
 * The right to follow the log and write what is made of it: at most one holder. A second one would waste work, not harm, because whatever
 * is written is written by compare-and-set.
 */
export interface FollowerSeat {
  /** Takes the seat if it is free. */
  take(): Promise<HeldSeat | undefined>;
}

export interface HeldSeat {
  /** Resolves when the seat is lost without having been left. */
  readonly lost: Promise<void>;
  leave(): Promise<void>;
}
