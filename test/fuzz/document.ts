/** The parts of an OpenAPI document that requests are made from. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** One route as the document describes it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  /** Whether success is wrapped as `status`, `message` and `body`; the handshake of keys and a few others are bare. */
  readonly isWrapped: boolean;
}

export function operationsOf(document: Document): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { parameters = [], requestBody, responses = {} }]) => {
      const body = Object.values(requestBody?.content ?? {})[0]?.schema;
      const answer = Object.values(responses['200']?.content ?? {})[0]?.schema;
      const shapes = answer === undefined ? [] : [answer, ...(answer.oneOf ?? [])];
      const isWrapped = shapes.some(({ properties }) => properties !== undefined && 'message' in properties);
      return { method: verb.toUpperCase(), path, parameters, isWrapped, ...(body && { body }) };
    }),
  );
}

/** The schema itself instead of its name. Throws for a name that leads nowhere. */
export function resolved(document: Document, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = document.components?.schemas?.[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
  if (found === undefined) throw new Error(`The document has no ${schema.$ref}`);
  return resolved(document, found);
}
