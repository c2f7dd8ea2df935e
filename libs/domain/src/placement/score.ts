import { type Node, resourceLimits } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { hasTemplate } from './filters.js';

/** Weights in one place. A cached template outweighs any difference in load; a node that failed this VM before comes last. */
const CACHED = 4;
const LOAD = 1;
const FAILED_BEFORE = 16;

/** How good the node is for the VM; higher is better. Comparable only between nodes that pass the filters. */
export function score(node: Node, vm: Vm): number {
  return CACHED * cached(node, vm) - LOAD * load(node) - FAILED_BEFORE * failuresHere(node, vm);
}

const cached = (node: Node, vm: Vm): number => (hasTemplate(node, vm) ? 1 : 0);

const failuresHere = (node: Node, vm: Vm): number => vm.attempts.filter((attempt) => attempt.nodeId === node.id).length;

/** Fraction of the node in use, 0–1 (1 also for a node without room). */
function load(node: Node): number {
  const { cpu, memoryMiB } = resourceLimits(node);
  if (node.config.capacityMode === 'number') return ratio(node.used.vms, node.config.capacity);
  return Math.max(ratio(node.used.cpu, cpu), ratio(node.used.memoryMiB, memoryMiB));
}

const ratio = (used: number, limit: number): number => (limit > 0 ? used / limit : 1);
