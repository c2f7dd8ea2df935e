import type { Schema } from '../schemas/json-schema.js';

/** The fields of an object, a row each; the parts that it is made of are links. Nothing when it has none. */
export function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([field, schema]) => {
    const must = required.includes(field) ? 'yes' : 'no';
    return `| \`${field}\` | ${kindOf(schema)} | ${must} | ${meaningOf(schema)} |`;
  });
  if (rows.length === 0) return '';
  return `| Field | Type | Always there | Meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** What a value may be, in a few words. */
export function kindOf(schema: Schema): string {
  const { $ref, type, items, anyOf, additionalProperties } = schema;
  if ($ref !== undefined) return linkTo($ref.slice('#/$defs/'.length));
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' or ');
  if (items !== undefined) return `list of ${kindOf(items)}`;
  if (typeof additionalProperties === 'object') return `object with values of ${kindOf(additionalProperties)}`;
  return (typeof type === 'string' ? [type] : (type ?? ['anything'])).join(', ');
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
const linkTo = (name: string): string => `[${name}](#${name.toLowerCase()})`;
const meaningOf = ({ description = '' }: Schema): string => description.replaceAll('|', '\\|').replaceAll('\n', ' ');
