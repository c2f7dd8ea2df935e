import { NodeSet } from './node-set.js';

/**
 * Nodes by how much they have left of something. Each set holds the nodes that have at least its step; the steps are close enough that
 * few nodes of the set below a demand do not fulfil it. Whoever uses a set checks the exact amount still.
 */
export class Steps {
  private readonly sets: NodeSet[];
  /** How many of the steps each node has reached. */
  private readonly reached: number[] = [];

  /** `steps` ascending, from the least that is ever asked. */
  constructor(private readonly steps: readonly number[]) {
    this.sets = steps.map(() => new NodeSet());
  }

  /** What the node has left has changed; undefined: it takes nothing at all. */
  put(ordinal: number, left: number | undefined): void {
    const before = this.reached[ordinal] ?? 0;
    const after = left === undefined ? 0 : this.stepsUpTo(left);
    for (let step = before; step < after; step++) (this.sets[step] as NodeSet).add(ordinal);
    for (let step = after; step < before; step++) (this.sets[step] as NodeSet).delete(ordinal);
    this.reached[ordinal] = after;
  }

  /** A set that holds every node with so much left. */
  atLeast(amount: number): NodeSet {
    return this.sets[Math.max(0, this.stepsUpTo(amount) - 1)] as NodeSet;
  }

  /** How many steps are not above the amount. */
  private stepsUpTo(amount: number): number {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle] as number) <= amount) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Steps from `least` to `most`, each power of two in quarters. */
export function quarterSteps(least: number, most: number): number[] {
  const steps: number[] = [];
  for (let power = least; power <= most; power *= 2) {
    for (const quarter of [1, 1.25, 1.5, 1.75]) steps.push(Math.ceil(power * quarter));
  }
  return [...new Set(steps)].sort((a, b) => a - b);
}
