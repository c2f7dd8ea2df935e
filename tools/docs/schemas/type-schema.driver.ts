import { createGenerator } from 'ts-json-schema-generator';

/** A document of the generator: JSON Schema draft 7. */
export interface TypeSchema {
  readonly definitions?: Readonly<Record<string, unknown>>;
}

/** The JSON Schema of a TypeScript type, comments included. Objects stay open: a field that comes later does not break anybody. */
export function schemaOfType(path: string, type: string): TypeSchema {
  const generator = createGenerator({
    path,
    type,
    tsconfig: 'tsconfig.json',
    topRef: false,
    jsDoc: 'extended',
    additionalProperties: true,
    // The compiler checks types; here they are only read.
    skipTypeCheck: true,
  });
  return generator.createSchema(type);
}
