import type { NodeId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Profile } from '../policy.js';
import type { Cell } from './cells.js';
import type { Choice } from './choice.js';
import type { Demand, Scope } from './demand.js';
import { whyNot } from './filters.js';
import type { Found } from './node-finder.js';
import type { NodeIndex } from './node-index.js';
import { NodeSet } from './node-set.js';
import { spreadOf } from './score.js';

/** Which nodes make up a tier: those in `within`, but for those of the better tiers. Undefined: there are none. */
type TierSets = { readonly within: readonly NodeSet[]; readonly except: readonly NodeSet[] } | undefined;

/** One look through the index for one VM, within one scope. */
export class Search {
  /** By their positions in `TIERS`. */
  private readonly tiers: readonly TierSets[];
  private readonly spread: number;
  private cell: Cell | undefined;
  private winner: { node: Node; cell: Cell } | undefined;
  private runnerUp: { node: Node; cell: Cell } | undefined;

  constructor(
    private readonly index: NodeIndex,
    private readonly demand: Demand,
    private readonly profile: Profile,
    private readonly avoided: ReadonlySet<NodeId>,
  ) {
    const { vm, image } = demand;
    const cached = index.images.get(image);
    const template = index.templates.get(vm.image.templateId);
    const onItsWay = index.pulls.get(image);
    const others = (cached?.size ?? 0) < (template?.size ?? 0);
    // In the order of TIERS: none, pulling, other-version, cached.
    this.tiers = [
      { within: [], except: present(template, index.pulling) },
      onItsWay && { within: [onItsWay], except: present(template) },
      template && others ? { within: [template], except: present(cached) } : undefined,
      cached && { within: [cached], except: [] },
    ];
    this.spread = spreadOf(cached?.size ?? 0, index.all.size);
  }

  best(scope: Scope, cachedOnly: boolean): Found | undefined {
    const { index } = this;
    const demanded = index.demanded(this.demand, scope);
    const roomy = index.roomy(this.demand);
    if (demanded === undefined || roomy === undefined) return undefined;
    const { levelsThere, strikesThere } = index;
    const { cells, levels, tiers } = index.cells.inOrder(this.profile, this.spread, strikesThere);
    const byStrikes = strikesThere === 1 ? [] : [index.all];
    // One array per tier for all its levels: this is the hottest loop of a decision.
    const rest = [index.all, ...demanded, ...roomy, ...byStrikes];
    const setsOf: NodeSet[][] = [];
    for (let n = 0; n < cells.length; n++) {
      const level = levels[n] as number;
      const tier = this.tiers[tiers[n] as number];
      if (((levelsThere >>> level) & 1) === 0 || tier === undefined) continue;
      const sets = (setsOf[tiers[n] as number] ??= [...tier.within, ...rest]);
      const cell = cells[n] as Cell;
      if (cachedOnly && cell.tier !== 'cached') continue;
      sets[tier.within.length] = index.levels[level] as NodeSet;
      // Mostly no start has failed anywhere, and the set would be all nodes.
      if (strikesThere !== 1) sets[sets.length - 1] = index.strikes[cell.strikes] as NodeSet;
      this.cell = cell;
      if (NodeSet.find(sets, tier.except, this.take) >= 0) break;
    }
    if (this.winner === undefined) return undefined;
    const { node, cell } = this.winner;
    return { node, isCached: cell.tier === 'cached', choice: this.choice(cell) };
  }

  /** Takes the first two that can have the VM. */
  private readonly take = (ordinal: number): boolean => {
    const node = this.index.nodeAt(ordinal);
    if (this.avoided.has(node.id) || whyNot(node, this.demand) !== undefined) return false;
    const found = { node, cell: this.cell as Cell };
    if (this.winner === undefined) {
      this.winner = found;
      return false;
    }
    this.runnerUp = found;
    return true;
  };

  private choice({ score }: Cell): Choice {
    const { runnerUp } = this;
    if (runnerUp === undefined) return { score };
    return { score, runnerUp: { nodeId: runnerUp.node.id, score: runnerUp.cell.score } };
  }
}

const present = (...sets: readonly (NodeSet | undefined)[]): NodeSet[] =>
  sets.filter((set) => set !== undefined && set.size > 0) as NodeSet[];
