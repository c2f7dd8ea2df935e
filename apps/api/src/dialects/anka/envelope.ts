/** What every Anka answer is wrapped in (anka.md §1.2). */
export interface Envelope {
  readonly status: 'OK' | 'FAIL';
  readonly message: string;
  readonly body?: unknown;
}

/** Success of a route that has nothing to tell: no `body` key. */
export const DONE: Envelope = { status: 'OK', message: '' };

/** Success with something to tell. */
export function ok(body: object): Envelope {
  return { status: 'OK', message: '', body };
}

export function fail(message: string): Envelope {
  return { status: 'FAIL', message };
}

/** What clients compare with, letter by letter, when an id leads nowhere. */
export const NOT_FOUND: Envelope = fail('Not found');
