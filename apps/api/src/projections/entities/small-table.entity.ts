import { EntitySchema } from 'typeorm';

/** The table of a small kind: the document by its id. */
export const smallTable = (name: string): EntitySchema =>
  new EntitySchema({
    name,
    tableName: name,
    columns: {
      id: { type: 'text', primary: true, primaryKeyConstraintName: `${name}_key` },
      sequence: { type: 'bigint' },
      doc: { type: 'json' },
    },
  });
