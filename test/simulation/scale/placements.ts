import { type Cluster, emptyCluster } from '#domain';

/** A way to choose nodes: the domain's own. */
export interface PlacementChoice {
  readonly name: string;
  /** A cluster that nothing has happened to, and that chooses so. */
  blank(seed: number): Cluster;
}

export const OURS: PlacementChoice = { name: 'muster', blank: () => emptyCluster() };

/** What ours is compared with. */
export const BASELINES: readonly PlacementChoice[] = [];
