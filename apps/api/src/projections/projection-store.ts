import type { Ids, Position, Rows, Step } from './step.js';

/** One projection's rows and checkpoint. Every method throws `Unavailable` when the store is away. */
export interface ProjectionStore {
  position(): Promise<Position>;

  /** The rows that there are, of those asked for. */
  load(ids: Ids): Promise<Rows>;

  /**
   * Makes the step true, all of it or nothing. False when the projection no longer stands where the step begins, because another
   * projector or a rebuild moved it; then nothing changed. After `Unavailable` only `position` knows.
   */
  commit(step: Step): Promise<boolean>;
}

/** The right to follow the log and write what is made of it: at most one holder. A second one would waste work, not harm, because of the compare-and-set in `commit`. */
export interface ProjectorSeat {
  /** Takes the seat if it is free. */
  take(): Promise<HeldSeat | undefined>;
}

export interface HeldSeat {
  /** Resolves when the seat is lost without having been left. */
  readonly lost: Promise<void>;
  leave(): Promise<void>;
}
