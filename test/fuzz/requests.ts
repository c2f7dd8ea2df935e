import fc from 'fast-check';
import { type Body, bodyFor, TOO_LARGE } from './bodies.js';
import type { Document, Operation } from './document.js';
import { fullName, junk, valid } from './values.js';

/** One request to be sent; ids may be placeholders. */
export interface Request {
  readonly operation: Operation;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
}

const ODD_METHODS = ['PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'LOCK', 'SEARCH'];
const VERBS = ['GET', 'POST', 'PUT', 'DELETE'];
const CONTENT_TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'application/json; charset=utf-16', 'text/plain', ''],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'x', 'a/b; c="'],
  ...['application/octet-stream', 'application/json;json', 'image/png', ';', '/', '*/*'],
];

/** A text as part of a URL, with the placeholders of ids as they are. */
const encoded = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return /^\{\{\w+ \d+\}\}$/.test(text) ? text : encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
};

/** Requests to every route of the document, most of which the route could understand. */
export function requestsTo(document: Document, operations: readonly Operation[]): fc.Arbitrary<Request> {
  return fc.oneof(...operations.map((operation) => requestTo(document, operation)));
}

function requestTo(document: Document, operation: Operation): fc.Arbitrary<Request> {
  const method = mostly(operation.method, fc.constantFrom(...VERBS, ...ODD_METHODS));
  const body = fc.oneof(
    { weight: 400, arbitrary: bodyFor(document, operation) },
    { weight: 1, arbitrary: fc.constant(TOO_LARGE) },
  );
  return fc
    .record({ method, url: urlOf(document, operation), headers: headersOf(document, operation), body })
    .map((request) => ({ ...request, operation }));
}

const mostly = <T>(usual: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });

function urlOf(document: Document, { path, parameters }: Operation): fc.Arbitrary<string> {
  const valueOf = (name: string): fc.Arbitrary<unknown> => {
    const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? { type: 'string' };
    return fc.oneof(
      { weight: 4, arbitrary: valid(document, schema, fullName(name, path)) },
      { weight: 2, arbitrary: junk },
    );
  };
  const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const filled = fc
    .tuple(...places.map(valueOf))
    .map((values) => places.reduce((url, name, n) => url.replace(`{${name}}`, encoded(values[n])), path));
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const pairs = fc
    .subarray(names)
    .chain((some) => fc.tuple(...some.map((name) => valueOf(name).map((value) => `${name}=${encoded(value)}`))));
  return fc.tuple(mostlyPlain(filled), pairs, oddQuery).map(([url, query, odd]) => {
    const all = [...query, ...odd];
    return all.length === 0 ? url : `${url}?${all.join('&')}`;
  });
}

/** Now and then a path that is nearly the right one, or the right one written otherwise. */
function mostlyPlain(path: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const odd = fc.constantFrom<(path: string) => string>(
    (text) => `${text}/`,
    (text) => `/${text}`,
    (text) => text.toUpperCase(),
    (text) => `${text}/%00`,
    (text) => `${text}/../../../etc/passwd`,
    (text) => `${text}%`,
    (text) => `${text}/${'x'.repeat(2_000)}`,
    (text) => `${text}#part`,
    (text) => text.replace('/v1/', '/v1//'),
    (text) => text.replace('api', '%61pi'),
    (text) => `${text};x=1`,
  );
  return fc.oneof(
    { weight: 30, arbitrary: path },
    { weight: 1, arbitrary: fc.tuple(path, odd).map(([text, change]) => change(text)) },
  );
}

const oddQuery: fc.Arbitrary<string[]> = mostly<string[]>(
  [],
  fc.oneof(
    fc
      .constantFrom('id', 'id=', 'id[]=1', 'id[a]=1', '__proto__[x]=1', 'constructor=1', '%', 'id=%', '=', '&&')
      .map((text) => [text]),
    fc.constantFrom(100, 5_000).map((length) => [`id=${'x'.repeat(length)}`]),
    junk.map((value) => [`id=${encoded(value)}`, 'id=2']),
    fc.constant(Array.from({ length: 1_500 }, (_, n) => `a${n}=1`)),
  ),
);

/** Of a header only visible characters: others never leave a client. */
const headerText = fc.string({ maxLength: 200 }).map((text) => text.replace(/[^\x20-\x7e]/g, '').trim());

function headersOf(document: Document, { parameters }: Operation): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase());
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3, nil: undefined });
  const model = {
    'content-type': optional(fc.constantFrom(...CONTENT_TYPES)),
    accept: fc.constantFrom(undefined, '*/*', 'text/html', 'application/xml'),
    'x-request-id': optional(fc.oneof(fc.uuid(), headerText)),
    traceparent: fc.constantFrom(undefined, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x', '00-0-0-0'),
    authorization: fc.constantFrom(
      undefined,
      undefined,
      'Basic cm9vdDp4',
      'Bearer x',
      'Basic',
      'Digest a="',
      'Bearer e30=',
    ),
    ...Object.fromEntries(own.map((name) => [name, optional(fc.oneof(fc.uuid(), headerText, fc.constant('same')))])),
  };
  return fc.record(model).map((headers) => {
    const given = Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return Object.fromEntries(given);
  });
}
