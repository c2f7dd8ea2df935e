import { type Kind, KINDS, perKind, type RowOf } from './kinds.js';
import type { Changes, Ids, Rows } from './step.js';

/** Rows kept per kind between batches; beyond it the one used longest ago is dropped and loaded again when needed. */
export const MAX_CACHED_ROWS = 50_000;

type Kept = { [K in Kind]: Map<string, RowOf[K]> };

/** The rows that events were about lately: what a projector would otherwise load again for each batch. */
export class RowCache {
  private readonly kept = perKind<Kept>(() => new Map());

  constructor(private readonly maxRows = MAX_CACHED_ROWS) {}

  get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    return this.kept[kind].get(id);
  }

  missing(wanted: Ids): Ids {
    return perKind((kind) => wanted[kind].filter((id) => !this.kept[kind].has(id)));
  }

  fill(rows: Rows): void {
    for (const kind of KINDS) this.take(kind, rows[kind]);
  }

  /** Takes over what has been committed. */
  apply(changes: Changes): void {
    for (const kind of KINDS) this.take(kind, changes[kind]);
    for (const kind of KINDS) this.trim(kind);
  }

  /** The map is in the order of use, so the first ones are the least used. */
  private take<K extends Kind>(kind: K, rows: ReadonlyMap<string, RowOf[K] | undefined>): void {
    const kept = this.kept[kind];
    for (const [id, row] of rows) {
      kept.delete(id);
      if (row !== undefined) kept.set(id, row);
    }
  }

  private trim(kind: Kind): void {
    const kept = this.kept[kind];
    for (const id of kept.keys()) {
      if (kept.size <= this.maxRows) return;
      kept.delete(id);
    }
  }
}
