import type { ProjectionStore } from './projection-store.js';
import { type Kind, KINDS, perKind, type RowOf } from './kinds.js';
import { type Ids, type Position, PROJECTION_VERSION, type Rows, type Step } from './step.js';

type Tables = { [K in Kind]: Map<string, RowOf[K]> };

/** A projection in memory: for the simulation, and the measure of the Postgres form. Rows are copies, as from a database. */
export class MemoryProjectionStore implements ProjectionStore {
  private readonly tables = perKind<Tables>(() => new Map());
  private at: Position = { sequence: 0, incarnation: undefined, generation: '1', version: PROJECTION_VERSION };

  async position(): Promise<Position> {
    return this.at;
  }

  async load(ids: Ids): Promise<Rows> {
    const some = <K extends Kind>(kind: K) =>
      new Map(ids[kind].flatMap((id) => this.one(kind, id)).map((row) => [row.id, row] as const));
    return perKind<Rows>((kind) => some(kind) as Rows[Kind]);
  }

  async commit(step: Step): Promise<boolean> {
    const { sequence, generation } = this.at;
    if (step.from.sequence !== sequence || step.from.generation !== generation) return false;
    for (const kind of KINDS) this.change(kind, step.changes[kind]);
    this.at = { ...this.at, sequence: step.toSequence, incarnation: step.incarnation };
    return true;
  }

  /** A copy of the row, as a list of at most one. */
  one<K extends Kind>(kind: K, id: string): RowOf[K][] {
    const row = this.tables[kind].get(id);
    return row === undefined ? [] : [copy(row)];
  }

  all<K extends Kind>(kind: K): RowOf[K][] {
    return [...this.tables[kind].values()].map(copy);
  }

  /** Forgets everything, as a rebuild does before it begins. */
  reset(generation: string): void {
    for (const kind of KINDS) this.tables[kind].clear();
    this.at = { sequence: 0, incarnation: undefined, generation, version: PROJECTION_VERSION };
  }

  private change<K extends Kind>(kind: K, changes: ReadonlyMap<string, RowOf[K] | undefined>): void {
    for (const [id, row] of changes) {
      if (row === undefined) this.tables[kind].delete(id);
      else this.tables[kind].set(id, copy(row));
    }
  }
}

const copy = <T>(row: T): T => JSON.parse(JSON.stringify(row)) as T;
