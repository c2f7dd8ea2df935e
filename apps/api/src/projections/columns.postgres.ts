import { occupiesRoom } from '../views/index.js';
import { storableJson, storableText } from './database.postgres.js';
import type { Kind, RowOf } from './kinds.js';
import type { Column } from './unnest.postgres.js';

const json = (row: unknown): string => storableJson(JSON.stringify(row));
const textOrNull = (value: string | undefined): string | null => (value === undefined ? null : storableText(value));

/** What rows are selected by beside their ids; the document holds everything. */
const SELECTED_BY: { readonly [K in Kind]?: readonly Column<RowOf[K]>[] } = {
  vm: [
    ['accepted_sequence', 'bigint', (row) => row.acceptedSequence],
    ['phase', 'text', (row) => row.phase],
    ['node_id', 'text', (row) => textOrNull(row.nodeId)],
    ['external_id', 'text', (row) => textOrNull(row.externalId)],
    ['occupies', 'boolean', occupiesRoom],
    ['cpu', 'integer', (row) => row.cpu],
    ['memory_mib', 'integer', (row) => row.memoryMiB],
  ],
  template: [['name', 'text', (row) => storableText(row.name)]],
};

/** The columns of a kind's table, its key first. */
export function columnsOf<K extends Kind>(kind: K): readonly Column<RowOf[K]>[] {
  const selectedBy: readonly Column<RowOf[K]>[] = SELECTED_BY[kind] ?? [];
  return [
    ['id', 'text', (row) => row.id],
    ['sequence', 'bigint', (row) => row.sequence],
    ...selectedBy,
    ['doc', 'json', json],
  ];
}
