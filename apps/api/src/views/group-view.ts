import type { SmallRow, SmallView } from './small-view.js';

/** One group of nodes. Which nodes are in it is told by their own rows. A deleted one has no row. Times are unix ms. */
export interface GroupRow extends SmallRow {
  readonly name: string;
  readonly description: string;
  /** Where its VMs may go when it has no room. */
  readonly fallbackGroupId?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type GroupView = SmallView<GroupRow>;
