import { EVENTS, isEventType, type Noun } from '#events';
import { EndpointFault } from './endpoint-fault.js';
import type { EndpointSettings } from './endpoint.js';
import { secretFault } from './secrets.js';

/** What one endpoint may say at most. */
export const MAX_TYPES = 100;
export const MAX_SUBJECTS = 100;
export const MAX_SUBJECT_LENGTH = 320;
export const MAX_HEADERS = 20;
export const MAX_HEADER_NAME_LENGTH = 64;
export const MAX_HEADER_VALUE_LENGTH = 1024;
export const MAX_BATCH_SIZE = 100;
export const MAX_CONCURRENCY = 32;
/** Requests per second: one in ten seconds is the least. */
export const MIN_RATE_PER_S = 0.1;
export const MAX_RATE_PER_S = 10_000;
export const CONCURRENCY = 4;

/** What stands in answers for the value of a header. Said in a change, it means the value that is there. */
export const MASK = '***';

const NOUNS: ReadonlySet<string> = new Set<string>(Object.values(EVENTS).map(({ noun }) => noun) satisfies Noun[]);
const HEADER_NAME = new RegExp(`^[A-Za-z0-9!#$%&'*+.^_\`|~-]{1,${MAX_HEADER_NAME_LENGTH}}$`);
const HEADER_VALUE = new RegExp(`^[\\x21-\\x7e]([\\x20-\\x7e]{0,${MAX_HEADER_VALUE_LENGTH - 2}}[\\x21-\\x7e])?$`);
/** What belongs to the connection, to the message, or to us (RFC 9110 §7.6.1, Standard Webhooks). */
const RESERVED = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'date',
  'user-agent',
  'accept-encoding',
]);
const OURS = /^(webhook|ce|x-muster)-/;

/** The name of a type without what stands before it, or all of a noun. Throws for a type that nobody knows. */
export function typeFilter(text: string): string {
  const [, noun = '', name = ''] = /^(?:muster\.)?(\w+)\.(\w+|\*)$/.exec(text) ?? [];
  if (name === '*' && NOUNS.has(noun)) return `${noun}.*`;
  const short = name === '' ? text : name;
  if (isEventType(short) && (noun === '' || EVENTS[short].noun === noun)) return short;
  throw new EndpointFault(
    'types',
    `has "${text.slice(0, 64)}": must be types such as VMStarted, or vm.* for all of a noun`,
  );
}

/** `vm/<id>`, or `vm/*`. */
export function subjectFilter(text: string): string {
  const slash = text.indexOf('/');
  if (slash > 0 && NOUNS.has(text.slice(0, slash)) && text.length > slash + 1 && text.length <= MAX_SUBJECT_LENGTH)
    return text;
  throw new EndpointFault('subjects', `has "${text.slice(0, 64)}": must be such as vm/<id>, or vm/* for all of a noun`);
}

/** Headers as they will be sent. The mask stands for the value that was there; values are never told. */
export function headersOf(
  given: Readonly<Record<string, unknown>>,
  known: EndpointSettings['headers'] = {},
): Record<string, string> {
  const entries = Object.entries(given);
  if (entries.length > MAX_HEADERS) throw new EndpointFault('headers', `must be at most ${MAX_HEADERS}`);
  const found = new Map<string, string>();
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(name) || RESERVED.has(lower) || OURS.test(lower) || found.has(lower))
      throw new EndpointFault(
        'headers',
        `has "${name.slice(0, 64)}", which is no header that may be set, or is there twice`,
      );
    const kept = value === MASK ? (valueOf(known, lower) ?? '') : value;
    if (typeof kept !== 'string' || !HEADER_VALUE.test(kept))
      throw new EndpointFault(
        'headers',
        `has a value of ${lower} that must be 1–${MAX_HEADER_VALUE_LENGTH} printable ASCII characters`,
      );
    found.set(lower, kept);
  }
  return Object.fromEntries(found);
}

const valueOf = (headers: EndpointSettings['headers'], lower: string): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === lower)?.[1];

export function secretOf(text: string): string {
  const fault = secretFault(text);
  if (fault !== undefined) throw new EndpointFault('secret', fault);
  return text;
}
