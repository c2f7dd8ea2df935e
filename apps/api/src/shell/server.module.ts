import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { correlate } from './correlation.js';
import { LONGEST_HEADER_BYTES, LISTENER_CONSTRAINT, listenerOf } from './listener.js';
import type { TlsOptions } from './tls-options.driver.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.system.js';
import { MAX_BODY_BYTES, readJsonBody } from './read-body.js';
import type { RequestContext } from './request-context.js';
import { pathOf } from './shell.filter.js';

declare module 'fastify' {
  interface FastifyRequest {
    muster: RequestContext;
  }
}

/** Bodies below this path are bytes, taken as a stream of any length up to the store's own limit. */
const STREAMED_BELOW = '/blobs/';

/** The HTTP server before it has routes; with `tls` it speaks nothing else. */
export function createAdapter(tls?: TlsOptions): FastifyAdapter {
  const limits = { maxHeaderSize: LONGEST_HEADER_BYTES };
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    ...(tls === undefined ? { http: limits } : { https: { ...limits, ...tls } }),
    routerOptions: { ignoreTrailingSlash: true, constraints: { listener: LISTENER_CONSTRAINT as never } },
  });
}

export interface ServerParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly newId: () => string;
}

/** What every request has, whatever its route: ids, a body, a line in the log, a duration in the metrics. */
export function wireServer(server: FastifyInstance, { log, metrics, newId }: ServerParts): void {
  server.decorateRequest('muster', null as unknown as RequestContext);
  server.addHook('onRequest', async (request, reply) => {
    const listener = listenerOf(request.raw);
    request.muster = {
      ...correlate(request.headers, newId),
      address: request.ip,
      ...(listener !== undefined && { listener }),
    };
    reply.header('x-request-id', request.muster.correlationId);
    // Of an answer whose client left before its end nothing else tells.
    reply.raw.once('close', () => reply.raw.writableFinished || account(request, reply, log, metrics));
    // Clients send JSON as whatever they like, or as nothing: one parser reads all bodies, so a type it would refuse is of no use.
    delete request.raw.headers['content-type'];
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', async (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
    request.url.startsWith(STREAMED_BELOW) ? payload : readJsonBody(payload as never, announcedBytes(request)),
  );
  server.addHook('onResponse', async (request, reply) => account(request, reply, log, metrics));
}

function account(request: FastifyRequest, reply: FastifyReply, log: Log, metrics: Metrics): void {
  const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
  const { correlationId } = request.muster;
  const durationMs = Math.round(reply.elapsedTime * 100) / 100;
  metrics.request(request.method, route, reply.statusCode, durationMs);
  log.debug('request', {
    correlationId,
    method: request.method,
    path: pathOf(request),
    status: reply.statusCode,
    durationMs,
  });
}

function announcedBytes(request: FastifyRequest): number | undefined {
  const length = Number(request.headers['content-length']);
  return Number.isFinite(length) ? length : undefined;
}
