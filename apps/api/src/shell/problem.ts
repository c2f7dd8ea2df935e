import { type Dependency, Unavailable } from '#events';
import { Forbidden, TooManyAttempts, Unauthenticated } from '../auth/failures.js';
import { type ErrorAnswer, RouteUnknown, UnreadableBody } from './error-answers.js';

/** When a client should ask again: a stand-by takes over in about two seconds. */
export const RETRY_AFTER_S = 2;

/** An answer of our own API that is not a success, as RFC 9457 words it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

const TITLES: Record<Dependency, string> = {
  nats: 'The message server is not available',
  postgres: 'The database is not available',
  'control-plane': 'The control plane is not available',
  'blob-store': 'The blob store is not available',
  'identity-provider': 'The identity provider is not available',
};

/** Any error in the words of our own API. What is no business of a client stays in the log. */
export function problemWording(
  error: unknown,
  { method }: { readonly method: string; readonly url: string },
): ErrorAnswer {
  if (error instanceof RouteUnknown)
    return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found' };
  if (error instanceof Problem) {
    const answer = problem(error.status, error.title, error.message, error.extensions);
    return { ...answer, headers: { ...answer.headers, ...error.headers } };
  }
  if (error instanceof Unauthenticated || error instanceof Forbidden || error instanceof TooManyAttempts)
    return notLetIn(error);
  if (error instanceof UnreadableBody) return problem(error.status, 'The body cannot be read', error.message);
  if (error instanceof Unavailable) return unavailable(error.dependency, method === 'GET' || method === 'HEAD');
  return problem(500, 'Internal error', 'The log has more under this correlation id');
}

function unavailable(away: Dependency, isQuestion: boolean): ErrorAnswer {
  // A question leaves nothing behind; a command may be in the queue, and the key finds its outcome.
  const title = `${TITLES[away]}${away === 'control-plane' && !isQuestion ? '; the command is queued' : ''}`;
  const answer = problem(503, title, isQuestion ? 'Ask again' : 'Ask again, with the same Idempotency-Key', { away });
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(RETRY_AFTER_S) } };
}

function notLetIn(error: Unauthenticated | Forbidden | TooManyAttempts): ErrorAnswer {
  if (error instanceof Forbidden) return problem(403, 'Not permitted', error.message, { needs: error.need });
  if (error instanceof TooManyAttempts) {
    const answer = problem(429, 'Too many failed attempts', error.message);
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(error.retryAfterS) } };
  }
  const answer = problem(401, error.message, 'The route needs credentials that count');
  return {
    ...answer,
    headers: { ...answer.headers, 'www-authenticate': 'Basic realm="muster", Bearer realm="muster"' },
  };
}

function problem(status: number, title: string, detail: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, ...more }),
  };
}
