import { ANONYMOUS } from '../auth/principal.js';
import type { RequestContext } from './request-context.js';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What belongs together: by the caller's request id, else by its trace, else by an id of ours. Malformed ones are ignored. */
export function correlate(headers: Headers, newId: () => string): Omit<RequestContext, 'address'> {
  const requestId = headers['x-request-id'];
  const traceparent = headers['traceparent'];
  const trace = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  const given = typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : undefined;
  return {
    correlationId: given ?? trace?.[1] ?? newId(),
    principal: ANONYMOUS,
    ...(trace !== null && { traceparent: trace[0] }),
  };
}
