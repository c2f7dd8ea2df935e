import type { NodeId } from '../ids.js';

/** Why the VM got this node and no other, as it was at that moment. */
export interface Choice {
  readonly score: Score;
  /** The second best. Absent when no other node could take the VM. */
  readonly runnerUp?: { readonly nodeId: NodeId; readonly score: Score };
}

/** What a node is worth to a VM: the parts, already weighted, and their sum. Higher is better. */
export interface Score {
  readonly total: number;
  readonly locality: number;
  readonly fit: number;
  readonly health: number;
}
