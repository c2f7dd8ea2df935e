/** What every Anka answer is wrapped in (anka.md §1.2). */
export interface Envelope {
  readonly status: 'OK' | 'FAIL';
  readonly message: string;
  readonly body?: unknown;
}

/** Headers of every answer. */
export const ANSWER_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

/** Success with something to tell. */
export const ok = (body: object | number | string): Uint8Array => bytesOf({ status: 'OK', message: '', body });

const LIST_BEGINS = Buffer.from('{"status":"OK","message":"","body":[');
const BETWEEN = Buffer.from(',');
const LIST_ENDS = Buffer.from(']}\n');

/** Success with a list, whose elements are bytes of JSON already. */
export function listed(elements: readonly Uint8Array[]): Uint8Array {
  const separated = elements.flatMap((element, n) => (n === 0 ? [element] : [BETWEEN, element]));
  return Buffer.concat([LIST_BEGINS, ...separated, LIST_ENDS]);
}

/** Success of a route that has nothing to tell: no `body` key. */
export const done = (): Uint8Array => bytesOf({ status: 'OK', message: '' });

/** Success of a change to the registry: `body` is null (anka.md §1.2). */
export const doneWithNull = (): Uint8Array => bytesOf({ status: 'OK', message: '', body: null });

/** Success of a route whose clients show what it says. */
export const saved = (): Uint8Array => bytesOf({ status: 'OK', message: 'Saved' });

export const fail = (message: string): Uint8Array => bytesOf({ status: 'FAIL', message });

/** As bytes, because the server would add a charset to the content type of a text. One newline ends it, as it always did. */
function bytesOf(envelope: Envelope): Uint8Array {
  return Buffer.from(`${JSON.stringify(envelope)}\n`);
}
