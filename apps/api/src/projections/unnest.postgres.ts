/** One column of a write: its name, its SQL type, and its value for each row. */
export type Column<R> = readonly [name: string, type: string, value: (row: R) => unknown];

/** Stands between the documents of a parameter. In a JSON text this character occurs only escaped. */
const BETWEEN_DOCUMENTS = '\x1e';

const isDocument = (type: string): boolean => type.startsWith('json');

/** An array of documents travels as one text: in the driver's own form each of their many quotes would be escaped, sent and read. */
const parameter = (type: string, n: number): string =>
  isDocument(type) ? `string_to_array($${n}, E'\\x1e')::${type}[]` : `$${n}::${type}[]`;

/** `INSERT … SELECT * FROM unnest(…)`: one parameter per column, however many rows. `before`: parameters that come earlier. */
export function insertText<R>(table: string, columns: readonly Column<R>[], before = 0): string {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], place) => parameter(type, before + place + 1)).join(', ');
  return `INSERT INTO ${table} AS t (${names}) SELECT * FROM unnest(${arrays}) AS given`;
}

/** The parameters of {@link insertText}. */
export const valuesOf = <R>(rows: readonly R[], columns: readonly Column<R>[]): unknown[] =>
  columns.map(([, type, value]) => {
    const values = rows.map(value);
    return isDocument(type) ? values.join(BETWEEN_DOCUMENTS) : values;
  });
