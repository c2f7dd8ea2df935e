import type { FastifyInstance } from 'fastify';

/** How long a browser may remember that it is allowed. */
const PREFLIGHT_KEPT_S = 600;

/** Lets pages from anywhere call every route. Credentials travel in headers, never in cookies, so nothing is lent to such pages. */
export function allowCors(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return undefined;
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key',
        'access-control-max-age': String(PREFLIGHT_KEPT_S),
      })
      .send();
  });
}
