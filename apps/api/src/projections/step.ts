import type { Kind, RowOf } from './kinds.js';

/** Raised whenever the same events would make other rows: an older set of tables is then rebuilt, not continued. */
export const PROJECTION_VERSION = 3;

/** Rows by id, per kind. */
export type Rows = { readonly [K in Kind]: ReadonlyMap<string, RowOf[K]> };
/** What became of rows, by id, per kind: the new row, or undefined when it is gone. */
export type Changes = { readonly [K in Kind]: ReadonlyMap<string, RowOf[K] | undefined> };
export type Ids = { readonly [K in Kind]: readonly string[] };

/** Where a projection stands. */
export interface Position {
  /** Sequence of the last event in it, 0 when there is none. */
  readonly sequence: number;
  /** The log that it was folded from; undefined before the first event. */
  readonly incarnation: string | undefined;
  /** Which set of tables this is: another one after each rebuild. */
  readonly generation: string;
  readonly version: number;
}

/** One batch, folded: everything that must become true together. */
export interface Step {
  /** Where the projection stood when the batch was folded. */
  readonly from: Position;
  readonly incarnation: string;
  readonly toSequence: number;
  readonly changes: Changes;
}
