import type pg from 'pg';
import { occupiesRoom } from '../views/index.js';
import { storableJson, storableText } from './database.postgres.js';
import type { ArchivedEvent, Changes, Kind, RowOf } from './step.js';

/** One column of a write: its name, its SQL type, and its value for each row. */
type Column<R> = readonly [name: string, type: string, value: (row: R) => unknown];

const json = (row: unknown): string => storableJson(JSON.stringify(row));
const textOrNull = (value: string | undefined): string | null => (value === undefined ? null : storableText(value));

const COLUMNS: { readonly [K in Kind]: readonly Column<RowOf[K]>[] } = {
  vm: [
    ['id', 'text', (row) => row.id],
    ['sequence', 'bigint', (row) => row.sequence],
    ['accepted_sequence', 'bigint', (row) => row.acceptedSequence],
    ['phase', 'text', (row) => row.phase],
    ['node_id', 'text', (row) => textOrNull(row.nodeId)],
    ['external_id', 'text', (row) => textOrNull(row.externalId)],
    ['occupies', 'boolean', occupiesRoom],
    ['cpu', 'integer', (row) => row.cpu],
    ['memory_mib', 'integer', (row) => row.memoryMiB],
    ['doc', 'json', json],
  ],
  node: [
    ['id', 'text', (row) => row.id],
    ['sequence', 'bigint', (row) => row.sequence],
    ['doc', 'json', json],
  ],
  template: [
    ['id', 'text', (row) => row.id],
    ['sequence', 'bigint', (row) => row.sequence],
    ['name', 'text', (row) => storableText(row.name)],
    ['doc', 'json', json],
  ],
};

const EVENT_COLUMNS: readonly Column<ArchivedEvent>[] = [
  ['sequence', 'bigint', (event) => event.sequence],
  ['id', 'text', (event) => storableText(event.id)],
  ['type', 'text', (event) => storableText(event.type)],
  ['noun', 'text', (event) => event.noun],
  ['subject_id', 'text', (event) => storableText(event.subjectId)],
  ['time', 'timestamptz', (event) => new Date(event.time).toISOString()],
  ['command_sequence', 'bigint', (event) => event.commandSequence],
  ['correlation_id', 'text', (event) => storableText(event.correlationId)],
  ['actor', 'text', (event) => storableText(event.actor)],
  ['body', 'jsonb', (event) => storableJson(event.body)],
];

/** `INSERT … SELECT * FROM unnest(…)`: one parameter per column, however many rows. */
function insertText<R>(table: string, columns: readonly Column<R>[]): string {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], place) => `$${place + 1}::${type}[]`).join(', ');
  return `INSERT INTO ${table} AS t (${names}) SELECT * FROM unnest(${arrays})`;
}

const valuesOf = <R>(rows: readonly R[], columns: readonly Column<R>[]): unknown[][] =>
  columns.map(([, , value]) => rows.map(value));

/** Writes what became of the rows. A row that is newer already stays as it is. */
export async function writeChanges(client: pg.ClientBase, schema: string, changes: Changes): Promise<void> {
  await writeKind(client, schema, 'vm', changes.vm);
  await writeKind(client, schema, 'node', changes.node);
  await writeKind(client, schema, 'template', changes.template);
}

async function writeKind<K extends Kind>(
  client: pg.ClientBase,
  schema: string,
  kind: K,
  changes: ReadonlyMap<string, RowOf[K] | undefined>,
): Promise<void> {
  const rows: RowOf[K][] = [];
  const gone: string[] = [];
  for (const [id, row] of changes) {
    if (row === undefined) gone.push(id);
    else rows.push(row);
  }
  const table = `${schema}.${kind}`;
  if (rows.length > 0) {
    const columns: readonly Column<RowOf[K]>[] = COLUMNS[kind];
    const updates = columns.slice(1).map(([name]) => `${name} = excluded.${name}`);
    const text = `${insertText(table, columns)}
      ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE t.sequence < excluded.sequence`;
    await client.query({ name: `write ${table}`, text, values: valuesOf(rows, columns) });
  }
  if (gone.length > 0)
    await client.query({ name: `delete ${table}`, text: `DELETE FROM ${table} WHERE id = ANY($1)`, values: [gone] });
}

/**
 * Adds events to the archive. One whose id is there already is a repetition of an old command beyond the memory of the control plane;
 * everybody who goes by ids takes it for the same event, and so does the archive.
 */
export async function writeEvents(
  client: pg.ClientBase,
  schema: string,
  events: readonly ArchivedEvent[],
): Promise<void> {
  const text = `${insertText(`${schema}.event`, EVENT_COLUMNS)} ON CONFLICT DO NOTHING`;
  await client.query({ name: `write ${schema}.event`, text, values: valuesOf(events, EVENT_COLUMNS) });
}
