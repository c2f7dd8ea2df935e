/** As much of JSON Schema as our types need. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const DEFINITION = '#/$defs/';

/** What a reference stands for in this document. Throws for one that leads nowhere. */
export function resolved(schema: Schema, document: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = document.$defs?.[schema.$ref.slice(DEFINITION.length)];
  if (found === undefined) throw new Error(`Cannot follow ${schema.$ref}: no such definition in ${document.$id}`);
  return resolved(found, document);
}

/** The same text for the same schema. */
export const schemaText = (schema: Schema): string => `${JSON.stringify(schema, null, 2)}\n`;

/** A copy in which each part has gone through `change`, the innermost first. */
export function mapSchema(value: unknown, change: (schema: Record<string, unknown>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSchema(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapSchema(part, change)])));
}
