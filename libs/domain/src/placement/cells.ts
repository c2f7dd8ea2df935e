import type { Profile } from '../policy.js';
import type { Score } from './choice.js';
import { LOAD_LEVELS, MAX_NODE_STRIKES, scoreOf, type Standing, TIERS } from './score.js';

/** Nodes of one standing, which are therefore equals for a VM, and what each of them is worth to it. */
export interface Cell extends Standing {
  readonly score: Score;
}

/** Cells in the order in which they are looked at, with what is asked of each of them as numbers side by side. */
export interface CellList {
  readonly cells: readonly Cell[];
  readonly levels: Uint8Array;
  /** Positions in {@link TIERS}. */
  readonly tiers: Uint8Array;
}

/**
 * Every standing that a node can have, the best first. `strikes`: the counts of failures that occur, as bits; mostly there is only 0.
 * There are few of these lists, so each is made once.
 */
export class CellLists {
  /** By profile, and by spread and strikes as one number. */
  private readonly known: Record<Profile, Map<number, CellList>> = {
    'distribute-load': new Map(),
    'optimize-utilization': new Map(),
  };

  inOrder(profile: Profile, spread: number, strikes: number): CellList {
    const lists = this.known[profile];
    // A spread is at most 1, and there are fewer than 16 combinations of strikes.
    const key = strikes + spread / 2;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const made = listOf(sortedCells(profile, spread, strikes));
    lists.set(key, made);
    return made;
  }
}

function listOf(cells: readonly Cell[]): CellList {
  const levels = Uint8Array.from(cells, ({ level }) => level);
  const tiers = Uint8Array.from(cells, ({ tier }) => TIERS.indexOf(tier));
  return { cells, levels, tiers };
}

function sortedCells(profile: Profile, spread: number, strikesThere: number): readonly Cell[] {
  const cells: Cell[] = [];
  for (const tier of TIERS) {
    for (let strikes = 0; strikes <= MAX_NODE_STRIKES; strikes++) {
      if (((strikesThere >>> strikes) & 1) === 0) continue;
      for (let level = 0; level < LOAD_LEVELS; level++) {
        const standing = { tier, strikes, level };
        cells.push({ ...standing, score: scoreOf(standing, profile, spread) });
      }
    }
  }
  return cells.sort(compareCells);
}

/** By what they are worth; among equals nearer templates first, then healthier nodes, then by load as the profile likes it. */
export function compareCells(a: Cell, b: Cell): number {
  return (
    b.score.total - a.score.total ||
    TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
    a.strikes - b.strikes ||
    b.score.fit - a.score.fit
  );
}
