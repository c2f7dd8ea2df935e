import fc from 'fast-check';
import type { Document, Operation } from './document.js';
import { faultOf } from './judge.js';
import { type Request, requestsTo } from './requests.js';
import { type Known, type Reply, Wire } from './wire.js';

/** Requests made between two looks at what there is. */
const CHUNK = 2_000;
const AT_ONCE = 24;
const CONNECTIONS = 32;
/** Faults that are told in full; more of them would only repeat the first. */
const MAX_FAULTS = 20;
const LONGEST_SHOWN = 400;

export interface FuzzOptions {
  readonly url: string;
  readonly document: Document;
  readonly operations: readonly Operation[];
  readonly seed: number;
  readonly requests: number;
  /** What there is now; asked before each chunk. */
  readonly lookAround: () => Promise<Known>;
  /** Something more that is wrong with an answer. */
  readonly alsoJudge?: (request: Request, reply: Reply) => string | undefined;
  /** Headers that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface Fuzzed {
  readonly sent: number;
  /** One line each, with the request that shows it again. */
  readonly faults: readonly string[];
  /** Answers by route and outcome: a code, and whether it is a success. */
  readonly answers: ReadonlyMap<string, number>;
}

/** Sends requests made from the seed: the same seed makes the same requests, whatever came of earlier ones, ids apart. */
export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const { url, document, operations, seed, requests, lookAround, headers = {} } = options;
  const arbitrary = requestsTo(document, operations);
  const wire = new Wire(url, CONNECTIONS);
  const [faults, answers] = [new Map<string, string>(), new Map<string, number>()];
  let sent = 0;
  try {
    for (let chunk = 0; sent < requests; chunk++) {
      const known = await lookAround();
      const batch = fc.sample(arbitrary, { seed: seed + chunk, numRuns: Math.min(CHUNK, requests - sent) });
      const left = batch.map((request) => ({ ...request, headers: { ...request.headers, ...headers } }));
      const one = async (): Promise<void> => {
        for (let request = left.shift(); request !== undefined; request = left.shift()) {
          const { outcome, fault } = await outcomeOf(wire, request, known, options);
          const route = `${request.operation.method} ${request.operation.path}`;
          answers.set(`${route} ${outcome}`, (answers.get(`${route} ${outcome}`) ?? 0) + 1);
          if (fault !== undefined && faults.size < MAX_FAULTS) faults.set(`${route} ${fault.what}`, fault.told);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      sent += batch.length;
    }
  } finally {
    wire.close();
  }
  return { sent, faults: [...faults.values()], answers };
}

type Outcome = { readonly outcome: string; readonly fault?: { readonly what: string; readonly told: string } };

async function outcomeOf(wire: Wire, request: Request, known: Known, { alsoJudge }: FuzzOptions): Promise<Outcome> {
  const shown = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${JSON.stringify(request.body)}`;
  try {
    const reply = await wire.send(request, known);
    const what = faultOf(request, reply) ?? alsoJudge?.(request, reply);
    const isDone = reply.status === 200 && (!request.operation.isWrapped || reply.text.startsWith('{"status":"OK"'));
    const outcome = `${reply.status} ${isDone ? 'OK' : 'FAIL'}`;
    if (what === undefined) return { outcome };
    const told = `${what}: ${cut(shown)} → ${reply.status} ${cut(reply.text)}`;
    return { outcome, fault: { what, told } };
  } catch (cause) {
    const what = `has no answer (${(cause as Error).message})`;
    // A server may hang up on a body that is too large while it is still being sent.
    const isTooLarge = typeof request.body === 'object' && 'times' in request.body && request.body.times > 8_000_000;
    const outcome = 'none';
    return isTooLarge ? { outcome } : { outcome, fault: { what, told: `${what}: ${cut(shown)}` } };
  }
}

const cut = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
