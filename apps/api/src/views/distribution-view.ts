import type { SmallRow, SmallView } from './small-view.js';

/** One order to bring a template version to nodes. One that was forgotten has no row. Times are unix ms. */
export interface DistributionRow extends SmallRow {
  readonly templateId: string;
  readonly tag: string;
  /** 0-based number of the version. */
  readonly version: number;
  /** The nodes that were meant, in the order of their ids. */
  readonly nodeIds: readonly string[];
  /** How far each of `nodeIds` is, at the same place. */
  readonly parts: readonly DistributionPart[];
  readonly requestedAt: number;
  readonly updatedAt: number;
}

/** One node's part. It has ended when it is done or has an error; then `updatedAt` is when. */
export interface DistributionPart {
  /** 0–1. */
  readonly progress: number;
  readonly done: boolean;
  readonly error?: string;
  readonly updatedAt: number;
}

export type DistributionView = SmallView<DistributionRow>;
