import { type Node, resourceLimits, slotsInUse } from '../node/node.js';
import type { Profile } from '../policy.js';
import type { Score } from './choice.js';
import type { Demand } from './demand.js';
import { isPulling } from './filters.js';

/** What each part of a score counts at most. */
export const WEIGHTS = { locality: 1, fit: 0.5, health: 1.05 };

/** How near the template is to the node, nearest last. */
export const TIERS = ['none', 'pulling', 'other-version', 'cached'] as const;
export type Tier = (typeof TIERS)[number];

/** Share of a pull that each tier saves. */
const SAVES: Record<Tier, number> = { none: 0, pulling: 0.4, 'other-version': 0.7, cached: 1 };

/** A template that so large a part of the fleet has is common: its VMs go where it is. */
const COMMON_SHARE = 0.1;
/** What is left of locality for the rarest template, so that the one node that has it is not run hot while others idle. */
const RAREST = 0.3;
/** Steps of commonness that are told apart. */
const SPREAD_STEPS = 8;

/** Loads are told apart in so many steps, so that nodes of about the same load are equals. */
export const LOAD_LEVELS = 32;
/** Failed starts in a row that are told apart. */
export const MAX_NODE_STRIKES = 3;

/** Everything about a node that its score depends on. */
export interface Standing {
  readonly tier: Tier;
  /** 0 (idle) to {@link LOAD_LEVELS} − 1. */
  readonly level: number;
  /** Starts that failed on it in a row, at most {@link MAX_NODE_STRIKES}. */
  readonly strikes: number;
}

export function scoreOf({ tier, level, strikes }: Standing, profile: Profile, spread: number): Score {
  const locality = WEIGHTS.locality * SAVES[tier] * spread;
  const load = level / LOAD_LEVELS;
  const fit = WEIGHTS.fit * (profile === 'distribute-load' ? 1 - load : load);
  // One failure may be bad luck; with the last the node falls behind any that must pull first.
  const health = strikes === 0 ? 0 : -WEIGHTS.health * (strikes / MAX_NODE_STRIKES) ** 2;
  return { total: rounded(locality + fit + health), locality: rounded(locality), fit, health: rounded(health) };
}

/**
 * How much locality counts for a template, {@link RAREST} to 1, by the part of the nodes that have it: the spread factor of the
 * Kubernetes scheduler's image locality, rescaled for images of many GiB.
 */
export function spreadOf(nodesWithIt: number, nodes: number): number {
  const share = nodes === 0 ? 0 : Math.min(1, nodesWithIt / nodes / COMMON_SHARE);
  return RAREST + ((1 - RAREST) * Math.ceil(share * SPREAD_STEPS)) / SPREAD_STEPS;
}

export function standingOf(node: Node, demand: Demand): Standing {
  return { tier: tierOf(node, demand), level: levelOf(node), strikes: node.strikes };
}

function tierOf(node: Node, { image, vm }: Demand): Tier {
  if (node.cached.has(image)) return 'cached';
  for (const { templateId } of node.cached.values()) if (templateId === vm.image.templateId) return 'other-version';
  return isPulling(node, image) ? 'pulling' : 'none';
}

export function levelOf(node: Node): number {
  return Math.max(0, Math.min(LOAD_LEVELS - 1, Math.floor(loadOf(node) * LOAD_LEVELS)));
}

/** Fraction of the node in use, 0–1 (1 also for a node that has nothing to give). */
export function loadOf(node: Node): number {
  if (node.config.capacityMode === 'number') return ratio(slotsInUse(node), node.config.capacity);
  const { cpu, memoryMiB } = resourceLimits(node);
  return Math.max(ratio(node.used.cpu, cpu), ratio(node.used.memoryMiB, memoryMiB));
}

const ratio = (used: number, limit: number): number => (limit > 0 ? used / limit : 1);

/** Sums of weights are compared: what differs only by the noise of floating point is equal. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
