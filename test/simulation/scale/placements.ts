import { type Cluster, emptyCluster, type Policy } from '#domain';
import { AnyFit, FirstFit } from './baselines.js';
import { seedOf } from './chance.js';

/** A way to choose nodes. */
export interface PlacementChoice {
  readonly name: string;
  /** A cluster that nothing has happened to, and that chooses so. */
  blank(seed: number): Cluster;
  /** What it sets of the policy. */
  readonly policy?: Partial<Policy>;
}

/** The domain's own, with the policy as it comes. */
export const OURS: PlacementChoice = { name: 'muster', blank: () => emptyCluster() };

/** A baseline neither waits for a cached node nor lets anybody go first because of one. */
const CACHE_BLIND: Partial<Policy> = { cachedNodeWaitMs: 0, cachedOvertakeMs: 0 };

/** What ours is compared with: the same core with another way to choose nodes. */
export const BASELINES: readonly PlacementChoice[] = [
  { name: 'first-fit', blank: () => emptyCluster(new FirstFit()), policy: CACHE_BLIND },
  { name: 'random', blank: (seed) => emptyCluster(new AnyFit(seedOf(seed, 'random placement'))), policy: CACHE_BLIND },
];
