import type { Cluster } from '../cluster.js';
import { STRIKES_FADE_MS } from '../limits.js';
import { MAX_NODE_STRIKES } from '../placement/score.js';
import type { Node } from './node.js';

/** Counts a failed start against the node, for a while. */
export function strike(cluster: Cluster, node: Node, time: number): void {
  node.strikes = Math.min(MAX_NODE_STRIKES, node.strikes + 1);
  node.strikesFadeAt = time + STRIKES_FADE_MS;
  cluster.timers.strikes.add(node.strikesFadeAt, node.id);
}

/** Nothing speaks against the node any more. */
export function forgive(node: Node): void {
  node.strikes = 0;
  delete node.strikesFadeAt;
}
