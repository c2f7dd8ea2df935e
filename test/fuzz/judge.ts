import { homedir } from 'node:os';
import { ROOT } from '../support/root.js';
import type { Request } from './requests.js';
import type { Reply } from './wire.js';

/** What no answer may hold: traces, places in our code or on this host, the words of what stands behind us. */
const LEAKS: readonly (readonly [string, RegExp])[] = [
  ['a stack', /\n\s+at |\bat (async )?[\w.<>]+ \(/],
  ['a file of ours', /node_modules|node:internal|file:\/\/|\/dist\/|\.(ts|js|mjs):\d+/],
  ['a path of this host', new RegExp([ROOT, homedir(), '/tmp/muster'].map((path) => `${path}/`).join('|'))],
  [
    'the words of a database',
    /\b(SELECT|INSERT|UPDATE) .* (FROM|INTO|SET)\b|invalid byte sequence|postgres(ql)?:\/\/|pg_/,
  ],
  ['the words of NATS', /nats:\/\/|JetStream|err_code/],
  ['the words of the language', /\b(Type|Range|Reference|Syntax)Error\b|is not a function|undefined \(reading/],
];

const FAIL_CODES = new Set([200, 400, 401, 403, 413, 429]);
/** Answered by the HTTP parser, before there is a route. */
const PARSER_CODES = new Set([400, 414, 431]);

/** What is wrong with the answer; undefined when nothing is. */
export function faultOf(request: Request, reply: Reply): string | undefined {
  if (reply.status >= 500) return `answers ${reply.status}`;
  const leak = LEAKS.find(([, pattern]) => pattern.test(reply.text));
  if (leak !== undefined) return `shows ${leak[0]}`;
  if (request.method === 'HEAD') return reply.text === '' ? undefined : 'has a body on HEAD';
  if (reply.status === 404 && reply.contentType.startsWith('text/plain'))
    return /^404 page not found\n?$/.test(reply.text) ? undefined : 'is a 404 in other words';
  if (isElsewhere(request)) return undefined;
  if (!request.operation.isWrapped && reply.status === 200) return undefined;
  if (PARSER_CODES.has(reply.status) && reply.headers['x-request-id'] === undefined) return undefined;
  return envelopeFault(reply);
}

/** The path was changed so much that it is no longer one of this dialect: others word what is wrong with it. */
function isElsewhere({ url, operation }: Request): boolean {
  const [, root = ''] = operation.path.split('/');
  return !new RegExp(`^/(${root}([/?#;%]|$)|%)`).test(url);
}

function envelopeFault({ status, text, contentType }: Reply): string | undefined {
  if (!FAIL_CODES.has(status)) return `answers ${status}`;
  if (contentType !== 'application/json') return `is ${contentType || 'of no type'}`;
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  if (typeof envelope !== 'object' || envelope === null) return 'is no envelope';
  const { status: said, message } = envelope as { status?: unknown; message?: unknown };
  if ((said !== 'OK' && said !== 'FAIL') || typeof message !== 'string') return 'is no envelope';
  if (said === 'OK' && status !== 200) return `says OK with ${status}`;
  if (said === 'FAIL' && message === '') return 'fails without a word';
  return undefined;
}
