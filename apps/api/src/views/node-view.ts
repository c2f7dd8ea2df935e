import type { CachedTemplate, NodeConfig, NodeFacts } from '#domain';

/** One node of the fleet, folded from the events about it. A node that was deleted or left has no row. Times are unix ms. */
export interface NodeRow {
  readonly id: string;
  /** Sequence of the last event in this row. */
  readonly sequence: number;
  readonly facts: NodeFacts;
  readonly config: NodeConfig;
  /** Whether it beats, as recorded; how it feels this second is in `NodeVitals`. */
  readonly online: boolean;
  readonly cached: readonly CachedTemplate[];
  /** Ids of the groups that it is in. */
  readonly groups: readonly string[];
  /** VMs on the host that nobody of Muster knows; absent: none. */
  readonly unknownVms?: number;
  readonly registeredAt: number;
  readonly updatedAt: number;
}

/** What the VMs that occupy room on a node take together. */
export interface NodeUse {
  readonly vms: number;
  readonly cpu: number;
  readonly memoryMiB: number;
}

export interface NodeInUse extends NodeRow {
  readonly use: NodeUse;
}

/** Nodes as of the last sequence that the projection has reached. Every method throws `Unavailable` when the store is away. */
export interface NodeView {
  get(id: string): Promise<NodeInUse | undefined>;
  /** In the order of their ids. */
  list(): Promise<readonly NodeInUse[]>;
}
