/** A client cannot decode an answer: its own library would fail here. */
export class Rejected extends Error {
  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.name = 'Rejected';
  }
}

/** A client has understood an answer, and it is a no. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** Reads a value as a client's library does. `undefined` is a key that is not there. Throws {@link Rejected}. */
export type Decode<T> = (value: unknown, at: string) => T;

/** What a decoder gives. */
export type Decoded<D> = D extends Decode<infer T> ? T : never;

/** A text as JSON. Throws {@link Rejected}. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejected('body', `is no JSON: ${text.slice(0, 80)}`);
  }
}

/** A JSON value for an error message. */
export const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60));

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
