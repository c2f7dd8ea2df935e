/**
 * What every row of a small kind has: one of which there are at most some thousands, and which is only ever read by its id or all of
 * them together.
 */
export interface SmallRow {
  readonly id: string;
  /** Sequence of the last event in this row. */
  readonly sequence: number;
  /** Sequence of the event that made it: lists are in this order. */
  readonly madeSequence: number;
}

/** Rows as of the last sequence that the projection has reached. Every method throws `Unavailable` when the store is away. */
export interface SmallView<R extends SmallRow> {
  get(id: string): Promise<R | undefined>;
  /** In the order of their making. */
  list(): Promise<readonly R[]>;
}
