import type pg from 'pg';
import { Unavailable } from '#events';
import { orUnavailable } from './database.postgres.js';
import type { ProjectionStore } from './projection-store.js';
import { onClient } from './on-client.postgres.js';
import { KINDS, type Kind, perKind, type RowOf } from './kinds.js';
import type { Ids, Position, Rows, Step } from './step.js';
import { CHECKPOINT, type ProjectionSchema, tableOf } from './tables.postgres.js';
import { isAboutVmsAlone, writeChanges, writeVmStep } from './write-rows.postgres.js';

interface CheckpointColumns {
  readonly sequence: string;
  readonly incarnation: string | null;
  readonly generation: string;
  readonly version: number;
}

/** The projection in one schema of the database. */
export class PostgresProjectionStore implements ProjectionStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: ProjectionSchema,
  ) {}

  async position(): Promise<Position> {
    const text = `SELECT sequence, incarnation, generation, version FROM ${this.schema}.checkpoint WHERE name = $1`;
    const query = { name: `position ${this.schema}`, text, values: [CHECKPOINT] };
    const { rows } = await orUnavailable('read where the projection stands', () =>
      this.pool.query<CheckpointColumns>(query),
    );
    const row = rows[0];
    if (row === undefined) throw new Unavailable('postgres', `Table ${this.schema}.checkpoint has no row`);
    return { ...row, sequence: Number(row.sequence), incarnation: row.incarnation ?? undefined };
  }

  async load(ids: Ids): Promise<Rows> {
    const loaded = new Map<Kind, ReadonlyMap<string, RowOf[Kind]>>();
    for (const kind of KINDS) loaded.set(kind, await this.loadKind(kind, ids[kind]));
    return perKind<Rows>((kind) => loaded.get(kind) as Rows[Kind]);
  }

  commit(step: Step): Promise<boolean> {
    return orUnavailable(`write the projection up to sequence ${step.toSequence}`, async () => {
      if (isAboutVmsAlone(step)) return writeVmStep(this.pool, this.schema, step);
      return onClient(this.pool, (client) => this.transact(client, step));
    });
  }

  /** The compare-and-set comes first: it holds other projectors and the switch of a rebuild until this transaction is over. */
  private async transact(client: pg.ClientBase, step: Step): Promise<boolean> {
    await client.query('BEGIN');
    const moved = await client.query({
      name: `move ${this.schema}`,
      text: `UPDATE ${this.schema}.checkpoint SET sequence = $1, incarnation = $2, updated_at = now()
             WHERE name = $3 AND sequence = $4 AND generation = $5`,
      values: [step.toSequence, step.incarnation, CHECKPOINT, step.from.sequence, step.from.generation],
    });
    if (moved.rowCount !== 1) {
      await client.query('ROLLBACK');
      return false;
    }
    await writeChanges(client, this.schema, step.changes);
    await client.query('COMMIT');
    return true;
  }

  private async loadKind<K extends Kind>(kind: K, ids: readonly string[]): Promise<ReadonlyMap<string, RowOf[K]>> {
    if (ids.length === 0) return new Map();
    const text = `SELECT id, doc FROM ${tableOf(this.schema, kind)} WHERE id = ANY($1)`;
    const query = { name: `load ${this.schema}.${kind}`, text, values: [ids] };
    const { rows } = await orUnavailable(`load ${ids.length} ${kind} rows`, () =>
      this.pool.query<{ id: string; doc: RowOf[K] }>(query),
    );
    return new Map(rows.map(({ id, doc }) => [id, doc]));
  }
}
