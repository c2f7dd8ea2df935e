import { type Decode, type Decoded, isObject, Rejected, shown } from './rejected.js';

/**
 * The strictness of Go's encoding/json: a key that is missing or null leaves the zero value, unknown keys are ignored, and a value of
 * another type fails the whole document.
 */

const RFC3339 =
  /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const absent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** A field of type string. */
export const text = (): Decode<string> => (value, at) => {
  if (absent(value)) return '';
  if (typeof value !== 'string') throw new Rejected(at, `${shown(value)} into a Go string`);
  return value;
};

/** A field of type bool. */
export const flag = (): Decode<boolean> => (value, at) => {
  if (absent(value)) return false;
  if (typeof value !== 'boolean') throw new Rejected(at, `${shown(value)} into a Go bool`);
  return value;
};

/** A field of type uint or uint64: whole and not negative. */
export const unsigned = (): Decode<number> => (value, at) => {
  if (absent(value)) return 0;
  if (!Number.isInteger(value) || (value as number) < 0) throw new Rejected(at, `${shown(value)} into a Go uint`);
  return value as number;
};

/** A field of type int: whole. */
export const integer = (): Decode<number> => (value, at) => {
  if (absent(value)) return 0;
  if (!Number.isInteger(value)) throw new Rejected(at, `${shown(value)} into a Go int`);
  return value as number;
};

/** A field of type float32 or float64. */
export const float = (): Decode<number> => (value, at) => {
  if (absent(value)) return 0;
  if (typeof value !== 'number') throw new Rejected(at, `${shown(value)} into a Go float`);
  return value;
};

/** A field of type time.Time; undefined stands for the zero time of a field that was not set. */
export const rfc3339 = (): Decode<Date | undefined> => (value, at) => {
  if (absent(value)) return undefined;
  if (typeof value !== 'string' || !RFC3339.test(value)) throw new Rejected(at, `${shown(value)} into a Go time`);
  return new Date(value);
};

/** A field of type interface{}. */
export const anything = (): Decode<unknown> => (value) => value;

/** A slice. Null and nothing are a nil slice, which is as good as an empty one until somebody takes its first element. */
export const list =
  <T>(of: Decode<T>): Decode<T[]> =>
  (value, at) => {
    if (absent(value)) return [];
    if (!Array.isArray(value)) throw new Rejected(at, `${shown(value)} into a Go slice`);
    return value.map((element: unknown, index) => of(element, `${at}[${index}]`));
  };

/** A map with string keys. */
export const map =
  <T>(of: Decode<T>): Decode<Map<string, T>> =>
  (value, at) => {
    if (absent(value)) return new Map();
    if (!isObject(value)) throw new Rejected(at, `${shown(value)} into a Go map`);
    return new Map(Object.entries(value).map(([key, one]) => [key, of(one, `${at}.${key}`)]));
  };

/** A pointer: nil for null and nothing. */
export const pointer =
  <T>(to: Decode<T>): Decode<T | undefined> =>
  (value, at) =>
    absent(value) ? undefined : to(value, at);

/** A struct with these tags. */
export const struct =
  <F extends Readonly<Record<string, Decode<unknown>>>>(fields: F): Decode<{ [K in keyof F]: Decoded<F[K]> }> =>
  (value, at) => {
    if (!absent(value) && !isObject(value)) throw new Rejected(at, `${shown(value)} into a Go struct`);
    const decoded = Object.entries(fields).map(([key, decode]) => [key, decode(value?.[key], `${at}.${key}`)] as const);
    return Object.fromEntries(decoded) as { [K in keyof F]: Decoded<F[K]> };
  };

/** The first element, as code writes it that does not look whether there is one. */
export function first<T>(of: readonly T[], at: string): T {
  if (of.length === 0) throw new Rejected(at, 'panic: index out of range [0] with length 0');
  return of[0] as T;
}

/** What a pointer points to, as code writes it that does not look whether it is nil. */
export function dereferenced<T>(pointed: T | undefined, at: string): T {
  if (pointed === undefined) throw new Rejected(at, 'panic: nil pointer dereference');
  return pointed;
}
