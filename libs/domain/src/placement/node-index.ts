import type { Cluster } from '../cluster.js';
import { MAX_MEMORY_MIB, MAX_VCPU, MIN_MEMORY_MIB } from '../limits.js';
import type { Node } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { type Demand, demandOf, type Scope, scopesOf } from './demand.js';
import { FILTERS, freeCpu, freeMemoryMiB, hasRoom, mayTake } from './filters.js';
import type { Found, NodeFinder } from './node-finder.js';
import { findPinned, findSeen } from './find-few.js';
import { NodeSet } from './node-set.js';
import { Search } from './search.js';
import { LOAD_LEVELS, levelOf, MAX_NODE_STRIKES } from './score.js';
import { quarterSteps, Steps } from './steps.js';
import { cachedWord, groupWord, pullWord, templateWord, wordsIn } from './words.js';

const FILTER_LIST = Object.values(FILTERS);

/** What the index last heard of a node. */
interface Entry {
  readonly node: Node;
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
  readonly strikes = Array.from({ length: MAX_NODE_STRIKES + 1 }, () => new NodeSet());
  readonly pulling = new NodeSet();
  readonly cpu = new Steps(quarterSteps(1, MAX_VCPU));
  readonly memoryMiB = new Steps(quarterSteps(MIN_MEMORY_MIB, MAX_MEMORY_MIB));
  private readonly due = new NodeSet();
  private readonly words = new Map<string, NodeSet>();
  private readonly entries: (Entry | undefined)[] = [];

  changed(node: Node): void {
    const entry = this.entryOf(node);
    const words = wordsOf(node);
    for (const word of entry.words) this.words.get(word)?.delete(node.ordinal);
    for (const word of words) this.setOf(word).add(node.ordinal);
    entry.words = words;
    this.loadChanged(node);
  }

  loadChanged(node: Node): void {
    const entry = this.entryOf(node);
    const { ordinal } = node;
    const level = hasRoom(node) ? levelOf(node) : undefined;
    if (level !== entry.level) {
      if (entry.level !== undefined) (this.levels[entry.level] as NodeSet).delete(ordinal);
      if (level !== undefined) (this.levels[level] as NodeSet).add(ordinal);
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
    for (const word of [...entry.words, ...entry.pulls.map(pullWord)]) this.words.get(word)?.delete(ordinal);
    if (entry.level !== undefined) (this.levels[entry.level] as NodeSet).delete(ordinal);
    for (const set of [this.all, this.due, this.pulling, this.strikes[entry.strikes] as NodeSet]) set.delete(ordinal);
    this.cpu.put(ordinal, undefined);
    this.memoryMiB.put(ordinal, undefined);
    this.entries[ordinal] = undefined;
  }

  best(cluster: Cluster, vm: Vm, cachedOnly: boolean): Found | undefined {
    const demand = demandOf(cluster, vm);
    const { profile } = cluster.policy;
    if (vm.request.nodeId !== undefined) return findPinned(this, cluster, demand, profile);
    const failed = new Set(vm.attempts.map(({ nodeId }) => nodeId));
    for (const scope of scopesOf(demand)) {
      const found = new Search(this, demand, scope, profile).best(cachedOnly, failed);
      if (found !== undefined) return found;
    }
    return failed.size === 0 ? undefined : findSeen(this, cluster, demand, profile, cachedOnly, failed);
  }

  dueFree(cluster: Cluster, vm: Vm): Node | undefined {
    const demand = demandOf(cluster, vm);
    const failed = new Set(vm.attempts.map(({ nodeId }) => nodeId));
    if (vm.request.nodeId !== undefined) return undefined;
    for (const scope of scopesOf(demand)) {
      const sets = this.demanded(demand, scope);
      const cached = this.withWord(cachedWord(demand.image));
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

  /** The nodes that offer the word, if any does. */
  withWord(word: string): NodeSet | undefined {
    const set = this.words.get(word);
    return set === undefined || set.size === 0 ? undefined : set;
  }

  /** Sets in which a node must be whatever its load; undefined when no node is in one of them. */
  demanded(demand: Demand, scope: Scope): NodeSet[] | undefined {
    const sets: NodeSet[] = [];
    const wanted = wordsIn(scope);
    for (const { demands } of FILTER_LIST) if (demands !== undefined) wanted.push(...demands(demand));
    for (const word of wanted) {
      const set = this.withWord(word);
      if (set === undefined) return undefined;
      sets.push(set);
    }
    return sets;
  }

  private entryOf(node: Node): Entry {
    const known = this.entries[node.ordinal];
    if (known?.node === node) return known;
    if (known !== undefined) this.removed(known.node);
    const entry: Entry = { node, words: [], level: undefined, strikes: 0, pulls: [] };
    this.entries[node.ordinal] = entry;
    this.all.add(node.ordinal);
    return entry;
  }

  private pullsChanged(node: Node, entry: Entry): void {
    if (node.pulls.size === 0 && entry.pulls.length === 0) return;
    const pulls = [...node.pulls.keys()].filter((image) => !node.cached.has(image));
    for (const image of entry.pulls) this.words.get(pullWord(image))?.delete(node.ordinal);
    for (const image of pulls) this.setOf(pullWord(image)).add(node.ordinal);
    this.pulling.put(node.ordinal, pulls.length > 0);
    entry.pulls = pulls;
  }

  private setOf(word: string): NodeSet {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const made = new NodeSet();
    this.words.set(word, made);
    return made;
  }
}

function wordsOf(node: Node): string[] {
  const words = [...node.groups].map(groupWord);
  for (const { offers } of FILTER_LIST) if (offers !== undefined) words.push(...offers(node));
  const templates = new Set<string>();
  for (const [image, { templateId }] of node.cached) {
    words.push(cachedWord(image));
    templates.add(templateWord(templateId));
  }
  words.push(...templates);
  return words;
}
