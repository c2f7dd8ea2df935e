import { NodeSet } from './node-set.js';

/** Sets of nodes by name; one without nodes is not kept. */
export class NamedSets {
  private readonly sets = new Map<string, NodeSet>();

  /** The nodes of that name, if there are any. */
  get(name: string): NodeSet | undefined {
    return this.sets.get(name);
  }

  /** The node had these names and has those now. */
  move(ordinal: number, before: readonly string[], after: readonly string[]): void {
    if (before.length === 0 && after.length === 0) return;
    for (const name of before) this.sets.get(name)?.delete(ordinal);
    for (const name of after) {
      const set = this.sets.get(name) ?? new NodeSet();
      this.sets.set(name, set);
      set.add(ordinal);
    }
    for (const name of before) if (this.sets.get(name)?.size === 0) this.sets.delete(name);
  }
}
