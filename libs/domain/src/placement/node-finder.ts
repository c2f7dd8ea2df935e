import type { Cluster } from '../cluster.js';
import type { Node } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import type { Choice } from './choice.js';

/** A node for a VM. */
export interface Found {
  readonly node: Node;
  /** The VM's template version is in the node's cache. */
  readonly isCached: boolean;
  readonly choice?: Choice;
}

/**
 * Chooses nodes. It is told of everything that may change a choice, and owns what it remembers of it; choices depend on nothing else, so
 * that whoever folded the same events chooses the same.
 */
export interface NodeFinder {
  /** Anything about the node may have changed; also how a new node is made known. */
  changed(node: Node): void;
  /** The node's load or pulls may have changed. */
  loadChanged(node: Node): void;
  removed(node: Node): void;
  /** The best node that can take the VM now. `cachedOnly`: among those that have its template. */
  best(cluster: Cluster, vm: Vm, cachedOnly: boolean): Found | undefined;
  /** A node that has the VM's template and is about to have room for which nobody waits yet. */
  dueFree(cluster: Cluster, vm: Vm): Node | undefined;
}
