import { type Node, resourceLimits, slotsInUse } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { hasTemplate } from './filters.js';

/**
 * Which of two nodes that pass the filters is the better one for the VM, as a sort order: the one on which fewer of its starts
 * failed, then the one that has the template, then the less loaded one, then by id. {@link Room} finds the first in this order.
 */
export function compareFor(vm: Vm): (a: Node, b: Node) => number {
  return (a, b) =>
    failuresOn(a, vm) - failuresOn(b, vm) ||
    Number(hasTemplate(b, vm)) - Number(hasTemplate(a, vm)) ||
    loadOf(a) - loadOf(b) ||
    (a.id < b.id ? -1 : 1);
}

/** Fraction of the node in use, 0–1 (1 also for a node that has nothing to give). */
export function loadOf(node: Node): number {
  if (node.config.capacityMode === 'number') return ratio(slotsInUse(node), node.config.capacity);
  const { cpu, memoryMiB } = resourceLimits(node);
  return Math.max(ratio(node.used.cpu, cpu), ratio(node.used.memoryMiB, memoryMiB));
}

const failuresOn = (node: Node, vm: Vm): number => vm.attempts.filter((attempt) => attempt.nodeId === node.id).length;

const ratio = (used: number, limit: number): number => (limit > 0 ? used / limit : 1);
