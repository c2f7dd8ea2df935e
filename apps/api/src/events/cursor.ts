import { createHash } from 'node:crypto';

/** Hex digits of a query's fingerprint in a cursor: enough to notice that it is another query. */
const FINGERPRINT_DIGITS = 12;
const CURSOR = /^1\.([0-9a-f]+)\.(\d{1,16})$/;

/**
 * Where the next page of a list begins, as an opaque text: a position, and the query that it belongs to. With another query it would
 * skip or repeat, so it is not read there.
 */
export function cursorOf(query: object, position: number): string {
  return Buffer.from(`1.${fingerprint(query)}.${position}`).toString('base64url');
}

/** The position; undefined for a text that is no cursor of ours, or belongs to another query. */
export function positionOf(query: object, cursor: string): number | undefined {
  const [, print, position] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const value = Number(position);
  return print === fingerprint(query) && Number.isSafeInteger(value) ? value : undefined;
}

/** Of what is asked for, however its fields are ordered. Absent fields do not count. */
function fingerprint(query: object): string {
  const fields = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, FINGERPRINT_DIGITS);
}
