import type { Reach } from '../auth/reach.js';
import type { Principal } from '../auth/principal.js';

/** What the shell knows of every request, on `request.muster`. */
export interface RequestContext {
  /** From `x-request-id`, else from `traceparent`, else made. Also sent back as `x-request-id`. */
  readonly correlationId: string;
  /** As received, when it is well formed. */
  readonly traceparent?: string;
  /** Where the request comes from: of the connection, or of the client behind a trusted proxy. */
  readonly address: string;
  /** Who asks; `anonymous` until the caller has shown who it is. */
  readonly principal: Principal;
  /** The nodes and templates that it may touch; absent: all. */
  readonly reach?: Reach;
  /** The listener through which it came, unless that was the main one. */
  readonly listener?: string;
}

/** The parts of a Fastify request that the doors read. `body` is parsed JSON whatever the content type; undefined when empty. */
export interface DoorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly muster: RequestContext;
}
