import type { Cluster } from '../cluster.js';
import { MAX_MEMORY_MIB, MAX_VCPU, MIN_MEMORY_MIB } from '../limits.js';
import type { NodeId } from '../ids.js';
import type { Node } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { CellLists } from './cells.js';
import { type Demand, demandOf, type Scope, scopesOf } from './demand.js';
import { type Filter, FILTERS, freeCpu, freeMemoryMiB, hasRoom, mayTake } from './filters.js';
import type { Found, NodeFinder } from './node-finder.js';
import { findPinned, findSeen } from './find-few.js';
import { NamedSets } from './named-sets.js';
import { NodeSet } from './node-set.js';
import { Search } from './search.js';
import { LOAD_LEVELS, levelOf, MAX_NODE_STRIKES } from './score.js';
import { quarterSteps, Steps } from './steps.js';
import { tagWord } from './words.js';

const FILTER_LIST = Object.values(FILTERS);
const OFFERING = FILTER_LIST.filter((filter) => filter.offers !== undefined) as Required<Filter>[];
const DEMANDING = FILTER_LIST.filter((filter) => filter.demands !== undefined) as Required<Filter>[];
const NO_NODES: ReadonlySet<NodeId> = new Set();

/** What the index last heard of a node. */
interface Entry {
  readonly node: Node;
  groups: readonly string[];
  images: readonly string[];
  templates: readonly string[];
  words: readonly string[];
  /** Undefined: the node has no room. */
  level: number | undefined;
  strikes: number;
  pulls: readonly string[];
}

/**
 * The nodes by everything that placement asks of them: sets of bits by word, by load, by failures, by what is left. To place a VM is to
 * go through the standings from the best on and take the first node that all its sets have in common, so the cost hardly grows with the
 * fleet. Says exactly what sorting all nodes that pass the filters by score, and then by ordinal, would say.
 */
export class NodeIndex implements NodeFinder {
  readonly all = new NodeSet();
  readonly levels = Array.from({ length: LOAD_LEVELS }, () => new NodeSet());
  /** The levels at which there are nodes, as bits. */
  levelsThere = 0;
  readonly strikes = Array.from({ length: MAX_NODE_STRIKES + 1 }, () => new NodeSet());
  readonly pulling = new NodeSet();
  readonly cells = new CellLists();
  /** By the template versions and the templates in their caches, by the versions on their way, and by what filters call for. */
  readonly images = new NamedSets();
  readonly templates = new NamedSets();
  readonly pulls = new NamedSets();
  private readonly groups = new NamedSets();
  private readonly words = new NamedSets();
  private readonly open = new NodeSet();
  private readonly cpu = new Steps(quarterSteps(1, MAX_VCPU));
  private readonly memoryMiB = new Steps(quarterSteps(MIN_MEMORY_MIB, MAX_MEMORY_MIB));
  private readonly due = new NodeSet();
  private readonly entries: (Entry | undefined)[] = [];

  changed(node: Node): void {
    const entry = this.entryOf(node);
    const { ordinal } = node;
    const groups = [...node.groups];
    const images = [...node.cached.keys()];
    const templates = [...new Set([...node.cached.values()].map(({ templateId }) => templateId))];
    const words = OFFERING.flatMap(({ offers }) => offers(node));
    this.groups.move(ordinal, entry.groups, groups);
    this.images.move(ordinal, entry.images, images);
    this.templates.move(ordinal, entry.templates, templates);
    this.words.move(ordinal, entry.words, words);
    Object.assign(entry, { groups, images, templates, words });
    this.loadChanged(node);
  }

  loadChanged(node: Node): void {
    const entry = this.entryOf(node);
    const { ordinal } = node;
    const level = hasRoom(node) ? levelOf(node) : undefined;
    if (level !== entry.level) {
      this.putLevel(ordinal, entry.level, false);
      this.putLevel(ordinal, level, true);
      this.open.put(ordinal, level !== undefined);
      entry.level = level;
    }
    if (node.strikes !== entry.strikes) {
      (this.strikes[entry.strikes] as NodeSet).delete(ordinal);
      entry.strikes = node.strikes;
    }
    (this.strikes[node.strikes] as NodeSet).add(ordinal);
    this.cpu.put(ordinal, level === undefined ? undefined : freeCpu(node));
    this.memoryMiB.put(ordinal, level === undefined ? undefined : freeMemoryMiB(node));
    this.due.put(ordinal, mayTake(node) && node.releasing > node.awaited);
    this.pullsChanged(node, entry);
  }

  removed(node: Node): void {
    const { ordinal } = node;
    const entry = this.entries[ordinal];
    if (entry?.node !== node) return;
    this.groups.move(ordinal, entry.groups, []);
    this.images.move(ordinal, entry.images, []);
    this.templates.move(ordinal, entry.templates, []);
    this.words.move(ordinal, entry.words, []);
    this.pulls.move(ordinal, entry.pulls, []);
    this.putLevel(ordinal, entry.level, false);
    for (const set of [this.all, this.open, this.due, this.pulling, this.strikes[entry.strikes] as NodeSet])
      set.delete(ordinal);
    this.cpu.put(ordinal, undefined);
    this.memoryMiB.put(ordinal, undefined);
    this.entries[ordinal] = undefined;
  }

  best(cluster: Cluster, vm: Vm, cachedOnly: boolean): Found | undefined {
    const demand = demandOf(cluster, vm);
    const { profile } = cluster.policy;
    if (vm.request.nodeId !== undefined) return findPinned(this, cluster, demand, profile);
    const failed = failedNodes(vm);
    for (const scope of scopesOf(demand)) {
      const found = new Search(this, demand, profile, failed).best(scope, cachedOnly);
      if (found !== undefined) return found;
    }
    return failed.size === 0 ? undefined : findSeen(this, cluster, demand, profile, cachedOnly, failed);
  }

  dueFree(cluster: Cluster, vm: Vm): Node | undefined {
    const demand = demandOf(cluster, vm);
    const failed = failedNodes(vm);
    if (vm.request.nodeId !== undefined) return undefined;
    for (const scope of scopesOf(demand)) {
      const sets = this.demanded(demand, scope);
      const cached = this.images.get(demand.image);
      if (sets === undefined || cached === undefined) continue;
      const ordinal = NodeSet.find([this.due, cached, ...sets], [], (each) => !failed.has(this.nodeAt(each).id));
      if (ordinal >= 0) return this.nodeAt(ordinal);
    }
    return undefined;
  }

  /** The node of that ordinal; there must be one. */
  nodeAt(ordinal: number): Node {
    return (this.entries[ordinal] as Entry).node;
  }

  /** The counts of failures that nodes have, as bits. */
  get strikesThere(): number {
    let bits = 0;
    for (let count = 0; count <= MAX_NODE_STRIKES; count++) {
      if ((this.strikes[count] as NodeSet).size > 0) bits |= 1 << count;
    }
    return bits;
  }

  /**
   * Sets in which a node must be to take the VM, whatever its load; undefined when one of them is empty. Leaves out what is true of
   * every node, because it tells nothing.
   */
  demanded(demand: Demand, scope: Scope): NodeSet[] | undefined {
    const sets: NodeSet[] = [];
    const isThere = (set: NodeSet | undefined): boolean => {
      if (set !== undefined && set.size < this.all.size) sets.push(set);
      return set !== undefined;
    };
    if (scope.group !== undefined && !isThere(this.groups.get(scope.group))) return undefined;
    if (scope.tag !== undefined && !isThere(this.words.get(tagWord(scope.tag)))) return undefined;
    for (const { demands } of DEMANDING) {
      for (const word of demands(demand)) if (!isThere(this.words.get(word))) return undefined;
    }
    return sets;
  }

  /** The same for nodes that have so much room; only nodes with any room are in those sets. */
  roomy({ vm }: Demand): NodeSet[] | undefined {
    const sets = [this.cpu.atLeast(vm.cpu), this.memoryMiB.atLeast(vm.memoryMiB)];
    if (sets.some((set) => set.size === 0)) return undefined;
    return sets.filter((set) => set.size < this.open.size);
  }

  private entryOf(node: Node): Entry {
    const known = this.entries[node.ordinal];
    if (known?.node === node) return known;
    if (known !== undefined) this.removed(known.node);
    const entry: Entry = {
      ...{ node, level: undefined, strikes: 0 },
      ...{ groups: [], images: [], templates: [], words: [], pulls: [] },
    };
    this.entries[node.ordinal] = entry;
    this.all.add(node.ordinal);
    return entry;
  }

  private putLevel(ordinal: number, level: number | undefined, isIn: boolean): void {
    if (level === undefined) return;
    const set = this.levels[level] as NodeSet;
    set.put(ordinal, isIn);
    if (set.size > 0) this.levelsThere |= 1 << level;
    else this.levelsThere &= ~(1 << level);
  }

  private pullsChanged(node: Node, entry: Entry): void {
    if (node.pulls.size === 0 && entry.pulls.length === 0) return;
    const pulls = [...node.pulls.keys()].filter((image) => !node.cached.has(image));
    this.pulls.move(node.ordinal, entry.pulls, pulls);
    this.pulling.put(node.ordinal, pulls.length > 0);
    entry.pulls = pulls;
  }
}

const failedNodes = ({ attempts }: Vm): ReadonlySet<NodeId> =>
  attempts.length === 0 ? NO_NODES : new Set(attempts.map(({ nodeId }) => nodeId));
