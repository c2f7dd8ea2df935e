import type { Profile } from '../policy.js';
import type { Score } from './choice.js';
import { LOAD_LEVELS, MAX_NODE_STRIKES, scoreOf, type Standing, TIERS } from './score.js';

/** Nodes of one standing, which are therefore equals for a VM, and what each of them is worth to it. */
export interface Cell extends Standing {
  readonly score: Score;
}

const known = new Map<string, readonly Cell[]>();

/** Every standing that a node can have, the best first. There are few of these lists, so each is made once. */
export function cellsInOrder(profile: Profile, spread: number): readonly Cell[] {
  const key = `${profile} ${spread}`;
  const made = known.get(key) ?? sortedCells(profile, spread);
  known.set(key, made);
  return made;
}

function sortedCells(profile: Profile, spread: number): readonly Cell[] {
  const cells: Cell[] = [];
  for (const tier of TIERS) {
    for (let strikes = 0; strikes <= MAX_NODE_STRIKES; strikes++) {
      for (let level = 0; level < LOAD_LEVELS; level++) {
        const standing = { tier, strikes, level };
        cells.push({ ...standing, score: scoreOf(standing, profile, spread) });
      }
    }
  }
  return cells.sort(inOrder);
}

/** By what they are worth; among equals nearer templates first, then healthier nodes, then by load as the profile likes it. */
function inOrder(a: Cell, b: Cell): number {
  return (
    b.score.total - a.score.total ||
    TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
    a.strikes - b.strikes ||
    b.score.fit - a.score.fit
  );
}

/** Whether cell `a` comes before cell `b` in the order: for those who sort nodes one by one. */
export const compareCells = inOrder;
