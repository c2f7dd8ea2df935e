import type { SmallRow, SmallView } from './small-view.js';

/** The pool of MAC addresses, both ends included. There is at most one; a purged one has no row. */
export interface MacPoolRow extends SmallRow {
  /** In small letters, like the other end. */
  readonly from: string;
  readonly to: string;
}

export type MacPoolView = SmallView<MacPoolRow>;
