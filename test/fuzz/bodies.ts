import fc from 'fast-check';
import { type Document, type Operation, resolved, type Schema } from './document.js';
import { junk, valid } from './values.js';

/** A body as it is sent: text, bytes, or a pattern that is only written out when it is sent, since it is long. */
export type Body = string | Uint8Array | { readonly repeat: string; readonly times: number; readonly end?: string };

export const bytesOf = (body: Body): Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array
    ? Buffer.from(body)
    : Buffer.from(body.repeat.repeat(body.times) + (body.end ?? ''));

/** Any body for the route; what it wants, the same with a few things wrong, and what is no body at all. */
export function bodyFor(document: Document, { body }: Operation): fc.Arbitrary<Body | undefined> {
  const wanted: Schema = body === undefined ? { type: 'object', properties: { id: { type: 'string' } } } : body;
  const good = valid(document, wanted);
  return fc.oneof(
    { weight: body === undefined ? 6 : 1, arbitrary: fc.constant(undefined) },
    { weight: 8, arbitrary: good.map(textOf) },
    { weight: 8, arbitrary: mutated(document, wanted, good).map(textOf) },
    { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), junk).map(textOf) },
    { weight: 2, arbitrary: fc.tuple(good.map(textOf), junk.map(textOf)).chain(([text, odd]) => damaged(text, odd)) },
    { weight: 1, arbitrary: enormous },
  );
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

/** One to three fields of an object are replaced, dropped or added. */
function mutated(document: Document, wanted: Schema, good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const names = Object.keys(resolved(document, wanted).properties ?? {});
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(names.length > 0 ? names : ['id'])) },
    { weight: 1, arbitrary: fc.constantFrom('constructor', 'prototype', 'hasOwnProperty', 'then', 'length', '0', '') },
  );
  const change = fc.tuple(name, fc.oneof({ weight: 6, arbitrary: junk }, { weight: 1, arbitrary: fc.constant(DROP) }));
  return fc.tuple(good, fc.array(change, { minLength: 1, maxLength: 3 })).map(([value, changes]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return changes[0]?.[1];
    const kept = new Map<string, unknown>(Object.entries(value));
    for (const [field, now] of changes) {
      if (now === DROP) kept.delete(field);
      else kept.set(field, now);
    }
    return Object.fromEntries(kept);
  });
}

const DROP = Symbol('drop');

/** Something that is nearly JSON. */
function damaged(text: string, odd: string): fc.Arbitrary<Body> {
  const inner = text.slice(1, -1);
  return fc.oneof(
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc.uint8Array({ maxLength: 64 }),
    fc.constantFrom<Body>(
      ...['', ' ', '\n', '\ufeff', 'null', 'undefined', '{', ']', '{]', "{'id':1}", '{"id":NaN}', '{"id":01}'],
      ...[`\ufeff${text}`, `${text}${text}`, `${text},`, `  ${text}\n`, text.replaceAll('"', "'"), `[${text}]`],
      ...[`{"__proto__":${odd}${inner && `,${inner}`}}`, `{"constructor":{"prototype":{"x":${odd}}}}`],
      ...[
        `{"id":"a","id":${odd}}`,
        'id=1&vmid=2',
        '--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n--x--',
      ],
      Buffer.from(text, 'utf16le'),
      Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0xc0])]),
    ),
  );
}

const enormous: fc.Arbitrary<Body> = fc.constantFrom<Body>(
  ...[1_000, 100_000, 1_000_000].map((times) => ({ repeat: '[', times })),
  { repeat: '{"a":', times: 50_000 },
  { repeat: '[', times: 5_000, end: ']'.repeat(5_000) },
  { repeat: ' ', times: 1_000_000, end: '{}' },
  { repeat: '{"id":"x"},', times: 30_000, end: '' },
);

/** Beyond what a body may have; each costs several MB, so there are few. */
export const TOO_LARGE: Body = { repeat: ' ', times: 9 * 1024 * 1024, end: '{}' };
