import { Unavailable, type Dependency } from '#events';
import { Forbidden, TooManyAttempts, Unauthenticated } from '../../auth/failures.js';
import { type ErrorAnswer, RouteUnknown, UnreadableBody } from '../../shell/error-answers.js';
import { RETRY_AFTER_S } from '../../shell/problem.js';
import { ANSWER_HEADERS, fail } from './envelope.js';
import { Failure } from './failure.js';

/** What a client hears of a part that is away; addresses and causes stay in our log. */
const AWAY: Record<Dependency, string> = {
  nats: 'The message server is not available; ask again',
  postgres: 'The database is not available; ask again',
  'control-plane': 'The control plane is not available; the request is queued, ask again with the same Idempotency-Key',
  'blob-store': 'The blob store is not available; ask again',
  'identity-provider': 'The identity provider is not available; ask again',
};

/** Any error as an Anka answer. */
export function ankaWording(error: unknown): ErrorAnswer {
  if (error instanceof RouteUnknown) {
    return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };
  }
  // Clients compare this text letter by letter (anka.md §1.3).
  if (error instanceof Unauthenticated) return failure(401, error.message);
  if (error instanceof Forbidden) return failure(403, error.message);
  if (error instanceof TooManyAttempts)
    return failure(429, error.message, { 'retry-after': String(error.retryAfterS) });
  if (error instanceof Failure) return failure(error.httpStatus, error.message);
  if (error instanceof UnreadableBody) return failure(error.status, error.message);
  if (error instanceof Unavailable) {
    return failure(503, AWAY[error.dependency], { 'retry-after': String(RETRY_AFTER_S) });
  }
  return failure(500, 'Internal error');
}

function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ErrorAnswer {
  return { status, headers: { ...ANSWER_HEADERS, ...headers }, body: fail(message) };
}
