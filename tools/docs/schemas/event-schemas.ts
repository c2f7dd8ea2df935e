import type { CommandType, EventType } from '../../../libs/domain/src/index.js';
import { COMMANDS, EVENTS } from '../../../libs/events/src/catalogue.js';
import { schemaName, versionOf } from '../../../libs/events/src/event-version.js';
import { mapSchema, type Schema } from './json-schema.js';
import type { TypeSchema } from './type-schema.driver.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const DEFINITION = '#/definitions/';

/** Definitions of the generator by their names, in today's words. */
type Definitions = Readonly<Record<string, Schema>>;

/** The schema of the data of every event type, as the types are now, from that of their union. */
export function eventSchemas(union: TypeSchema): ReadonlyMap<EventType, Schema> {
  const nameOf = (type: EventType): string => schemaName(type, versionOf(type));
  return dataSchemas(union, Object.keys(EVENTS) as EventType[], nameOf, (type) => EVENTS[type].meaning);
}

/** The same for the commands, which have no versions: the doors of this build make them. */
export function commandSchemas(union: TypeSchema): ReadonlyMap<CommandType, Schema> {
  const types = Object.keys(COMMANDS) as CommandType[];
  return dataSchemas(
    union,
    types,
    (type) => `urn:muster:command:${type}`,
    (type) => COMMANDS[type].meaning,
  );
}

function dataSchemas<Type extends string>(
  union: TypeSchema,
  types: readonly Type[],
  nameOf: (type: Type) => string,
  meaningOf: (type: Type) => string,
): ReadonlyMap<Type, Schema> {
  const definitions = modern(union.definitions ?? {});
  const found = new Map<Type, Schema>();
  for (const member of membersOf(modern({ union })['union'] ?? {}, definitions)) {
    for (const type of typesOf(member) as Type[]) {
      if (found.has(type)) throw new Error(`Cannot tell the data of ${type}: two members of the union have this name`);
      found.set(type, dataSchema(nameOf(type), type, meaningOf(type), member, definitions));
    }
  }
  const missing = types.filter((type) => !found.has(type));
  if (missing.length > 0) throw new Error(`Cannot find the types of ${missing.join(', ')}`);
  return found;
}

/** A schema of its own for one type and what it needs. */
export function standAlone(id: string, title: string, schema: Schema, definitions: Definitions): Schema {
  const { description, ...rest } = inlined(schema, definitions);
  const $defs = neededBy(rest, definitions);
  return {
    $schema: DIALECT,
    $id: id,
    title,
    ...(description !== undefined && { description }),
    ...rest,
    ...(Object.keys($defs).length > 0 && { $defs }),
  };
}

/** Generated definitions in the words of JSON Schema 2020-12. */
export function modern(definitions: Readonly<Record<string, unknown>>): Definitions {
  return mapSchema(definitions, (schema) => {
    const { $ref, $schema: _, definitions: __, ...rest } = schema;
    if (typeof $ref !== 'string') return rest;
    return { ...rest, $ref: `#/$defs/${decodeURIComponent($ref.slice(DEFINITION.length))}` };
  }) as Definitions;
}

function dataSchema(id: string, title: string, meaning: string, member: Schema, definitions: Definitions): Schema {
  const { type: _, ...properties } = member.properties ?? {};
  const required = member.required?.filter((field) => field !== 'type') ?? [];
  const data = { ...member, description: meaning, properties, required };
  return standAlone(id, title, data, definitions);
}

/** The objects of which a union is made, however it is nested. */
function membersOf(schema: Schema, definitions: Definitions): readonly Schema[] {
  if (schema.$ref !== undefined) return membersOf(definitions[nameIn(schema.$ref)] ?? {}, definitions);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((part) => membersOf(part, definitions));
  return [schema];
}

/** Several types may have the same fields. */
function typesOf({ properties }: Schema): readonly unknown[] {
  const { const: one, enum: several } = properties?.['type'] ?? {};
  return several ?? [one];
}

const nameIn = ($ref: string): string => $ref.slice('#/$defs/'.length);
/** `Partial<Policy>` is no name that a reader should meet. */
const isPlain = (name: string): boolean => /^\w+$/.test(name);

/** With what has no plain name written out where it is used. */
function inlined(schema: Schema, definitions: Definitions): Schema {
  return mapSchema(schema, (part) => {
    const { $ref, ...rest } = part;
    if (typeof $ref !== 'string' || isPlain(nameIn($ref))) return part;
    return { ...inlined(definitions[nameIn($ref)] ?? {}, definitions), ...rest };
  }) as Schema;
}

function neededBy(schema: Schema, definitions: Definitions): Record<string, Schema> {
  const needed = new Map<string, Schema>();
  const visit = (part: Schema): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)) {
      if (needed.has(name)) continue;
      const definition = inlined(definitions[name] ?? {}, definitions);
      needed.set(name, definition);
      visit(definition);
    }
  };
  visit(schema);
  return Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}
