import type { Schema } from '../schemas/json-schema.js';
import { fieldTable, kindOf } from './field-table.js';

/** What several events and commands are made of, each once. */
export function partsSection(schemas: readonly Schema[]): string {
  const parts = new Map<string, Schema>();
  for (const { $defs = {} } of schemas) for (const [name, schema] of Object.entries($defs)) parts.set(name, schema);
  const sections = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => partOf(name, schema));
  return ['## Parts', 'What the data of several events and commands are made of.', ...sections].join('\n\n');
}

function partOf(name: string, schema: Schema): string {
  const table = fieldTable(schema);
  const words = [schema.description, table === '' ? `A value of type ${kindOf(schema)}.` : undefined];
  return [`### ${name}`, ...words.filter((text) => text !== undefined), table]
    .filter((text) => text !== '')
    .join('\n\n');
}
