import type { NodeId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Profile } from '../policy.js';
import { type Cell, cellsInOrder } from './cells.js';
import type { Choice } from './choice.js';
import type { Demand, Scope } from './demand.js';
import { whyNot } from './filters.js';
import type { Found } from './node-finder.js';
import type { NodeIndex } from './node-index.js';
import { NodeSet } from './node-set.js';
import { spreadOf, type Tier } from './score.js';
import { cachedWord, pullWord, templateWord } from './words.js';

/** Which nodes make up a tier: those in the set, if it names one, but for those of the better tiers. */
interface TierSets {
  readonly within: NodeSet | undefined;
  readonly except: readonly NodeSet[];
  readonly isEmpty: boolean;
}

/** One look through the index for one VM, within one scope. */
export class Search {
  private readonly tiers: Record<Tier, TierSets>;
  private readonly spread: number;
  private winner: { node: Node; cell: Cell } | undefined;
  private runnerUp: { node: Node; cell: Cell } | undefined;

  constructor(
    private readonly index: NodeIndex,
    private readonly demand: Demand,
    private readonly scope: Scope,
    private readonly profile: Profile,
  ) {
    const { vm, image } = demand;
    const cached = index.withWord(cachedWord(image));
    const template = index.withWord(templateWord(vm.image.templateId));
    const onItsWay = index.withWord(pullWord(image));
    this.tiers = {
      cached: only(cached, []),
      'other-version': only(template, [cached]),
      pulling: only(onItsWay, [template]),
      none: { within: undefined, except: present([template, index.pulling]), isEmpty: false },
    };
    this.spread = spreadOf(cached?.size ?? 0, index.all.size);
  }

  best(cachedOnly: boolean, except: ReadonlySet<NodeId>): Found | undefined {
    const { index, demand } = this;
    const demanded = index.demanded(demand, this.scope);
    if (demanded === undefined) return undefined;
    const always = [index.cpu.atLeast(demand.vm.cpu), index.memoryMiB.atLeast(demand.vm.memoryMiB), ...demanded];
    for (const cell of cellsInOrder(this.profile, this.spread)) {
      if (cachedOnly && cell.tier !== 'cached') continue;
      if (this.lookAt(cell, always, except)) break;
    }
    if (this.winner === undefined) return undefined;
    const { node, cell } = this.winner;
    return { node, isCached: cell.tier === 'cached', choice: this.choice(cell) };
  }

  /** Looks for nodes of this standing; true when winner and runner-up are known. */
  private lookAt(cell: Cell, always: readonly NodeSet[], except: ReadonlySet<NodeId>): boolean {
    const { index, demand } = this;
    const level = index.levels[cell.level] as NodeSet;
    const strikes = index.strikes[cell.strikes] as NodeSet;
    const tier = this.tiers[cell.tier];
    if (level.size === 0 || strikes.size === 0 || tier.isEmpty) return false;
    const sets = [level, ...always, strikes];
    if (tier.within !== undefined) sets.push(tier.within);
    const last = NodeSet.find(sets, tier.except, (ordinal) => {
      const node = index.nodeAt(ordinal);
      if (except.has(node.id) || whyNot(node, demand) !== undefined) return false;
      if (this.winner !== undefined) this.runnerUp = { node, cell };
      else this.winner = { node, cell };
      return this.runnerUp !== undefined;
    });
    return last >= 0;
  }

  private choice({ score }: Cell): Choice {
    const { runnerUp } = this;
    if (runnerUp === undefined) return { score };
    return { score, runnerUp: { nodeId: runnerUp.node.id, score: runnerUp.cell.score } };
  }
}

function only(within: NodeSet | undefined, except: readonly (NodeSet | undefined)[]): TierSets {
  return { within, except: present(except), isEmpty: within === undefined };
}

const present = (sets: readonly (NodeSet | undefined)[]): NodeSet[] => sets.filter((set) => set !== undefined);
