import type pg from 'pg';
import { columnsOf } from './columns.postgres.js';
import { type Kind, KINDS, type RowOf } from './kinds.js';
import type { Changes, Step } from './step.js';
import { CHECKPOINT, tableOf } from './tables.postgres.js';
import { type Column, insertText, valuesOf } from './unnest.postgres.js';

const VM_COLUMNS = columnsOf('vm');

/** What is done about a row that is there already: a newer one stays. */
function updateText<R>(columns: readonly Column<R>[]): string {
  const updates = columns.slice(1).map(([name]) => `${name} = excluded.${name}`);
  return `ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE t.sequence < excluded.sequence`;
}

/** Writes what became of the rows. A row that is newer already stays as it is. */
export async function writeChanges(client: pg.ClientBase, schema: string, changes: Changes): Promise<void> {
  for (const kind of KINDS) await writeKind(client, schema, kind, changes[kind]);
}

async function writeKind<K extends Kind>(
  client: pg.ClientBase,
  schema: string,
  kind: K,
  changes: ReadonlyMap<string, RowOf[K] | undefined>,
): Promise<void> {
  const { rows, gone } = sorted(changes);
  const table = tableOf(schema, kind);
  if (rows.length > 0) {
    const columns = columnsOf(kind);
    const text = `${insertText(table, columns)} ${updateText(columns)}`;
    await client.query({ name: `write ${table}`, text, values: valuesOf(rows, columns) });
  }
  if (gone.length > 0)
    await client.query({ name: `delete ${table}`, text: `DELETE FROM ${table} WHERE id = ANY($1)`, values: [gone] });
}

function sorted<R>(changes: ReadonlyMap<string, R | undefined>): { rows: R[]; gone: string[] } {
  const rows: R[] = [];
  const gone: string[] = [];
  for (const [id, row] of changes) {
    if (row === undefined) gone.push(id);
    else rows.push(row);
  }
  return { rows, gone };
}

/** Whether the step can be written by {@link writeVmStep}; nearly all are. */
export const isAboutVmsAlone = ({ changes }: Step): boolean =>
  KINDS.every((kind) => kind === 'vm' || changes[kind].size === 0);

const CHECKPOINT_PARAMETERS = 5;

/**
 * Makes a whole step true in one statement: one round trip instead of six, and every door that waits for the projection waits for
 * them. False, and nothing is done, when the projection does not stand where the step begins.
 */
export async function writeVmStep(pool: pg.Pool, schema: string, step: Step): Promise<boolean> {
  const { rows, gone } = sorted(step.changes.vm);
  const result = await pool.query({
    name: `step ${schema}`,
    text: vmStepText(schema),
    values: [
      ...[step.toSequence, step.incarnation, CHECKPOINT, step.from.sequence, step.from.generation],
      ...valuesOf(rows, VM_COLUMNS),
      gone,
    ],
  });
  return result.rowCount === 1;
}

/** The compare-and-set comes first: it holds other projectors and the switch of a rebuild until the rest is done. */
function vmStepText(schema: string): string {
  const gone = CHECKPOINT_PARAMETERS + VM_COLUMNS.length + 1;
  return `
    WITH moved AS (
      UPDATE ${schema}.checkpoint SET sequence = $1, incarnation = $2, updated_at = now()
      WHERE name = $3 AND sequence = $4 AND generation = $5 RETURNING 1
    ), written AS (
      ${insertText(`${schema}.vm`, VM_COLUMNS, CHECKPOINT_PARAMETERS)} WHERE EXISTS (SELECT FROM moved) ${updateText(VM_COLUMNS)}
    ), removed AS (
      DELETE FROM ${schema}.vm WHERE id = ANY($${gone}::text[]) AND EXISTS (SELECT FROM moved)
    )
    SELECT FROM moved`;
}
