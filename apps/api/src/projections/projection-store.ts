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
