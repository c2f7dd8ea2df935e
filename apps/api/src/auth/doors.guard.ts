import { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { AccessStore } from '#domain';
import { REGISTRY } from '../shell/listener.js';
import type { Log } from '../shell/log.js';
import type { Auth } from './auth.js';
import { type Caller, callerBehindIngress } from './caller.js';
import { Forbidden, Unauthenticated } from './failures.js';
import { ALSO_NODES, NEED, type Need } from './permission.js';
import type { Principal } from './principal.js';
import { Reach } from './reach.js';
import { within } from './reach.system.js';
import { checkPermission, type RouteNeed } from './permission-check.js';

/**
 * Routes that no controller of ours declares: the description of the API and the page to read it. They tell nothing about this
 * installation.
 */
const OPEN_PATHS = /^\/(docs|openapi)(\/|$|-)/;
/** A body that nobody will read is worth a connection of its own when it is longer. */
const SMALL_BODY_BYTES = 64 * 1024;

/**
 * Lets nobody through a door who may not: the one place for all routes of all dialects. It comes before a body is read, and after the
 * hooks that answer a browser's questions beforehand. A route that does not say what it needs cannot even be made.
 */
export function guardDoors(server: FastifyInstance, auth: Auth, log: Log): void {
  server.addHook('onRoute', (route) => void needOf(route));
  server.addHook('preHandler', (request, _reply, done) => {
    const { reach } = request.muster;
    if (reach === undefined) done();
    else within(reach, done);
  });
  server.addHook('preParsing', async (request, reply) => {
    const need = needOf(request.routeOptions);
    const store = storeOf(request);
    const caller = callerOf(request, auth.behindIngress);
    request.muster = { ...request.muster, address: caller.address };
    if (auth.authenticator === undefined || request.is404 || need.need === 'open') return;
    try {
      const principal = await auth.authenticator.principalOf(caller);
      request.muster = { ...request.muster, principal };
      await checkPermission(principal, { ...need, store }, auth.permissions);
      const reach = await reachOf(principal, auth.resources);
      if (reach !== undefined) request.muster = { ...request.muster, reach };
    } catch (error) {
      giveUpBody(request, reply);
      tell(error, request, log);
      throw error;
    }
  });
}

/**
 * Checks once more, whenever it is called, what let the request in, for answers that take long; resolves to what the caller may touch
 * by now. Throws as for a new request.
 */
export function recheckOf(request: FastifyRequest, auth: Auth): () => Promise<Reach | undefined> {
  const { authenticator } = auth;
  if (authenticator === undefined) return async () => undefined;
  const caller = callerOf(request, auth.behindIngress);
  const need = { ...needOf(request.routeOptions), store: storeOf(request) };
  return async () => {
    const principal = await authenticator.principalOf(caller);
    await checkPermission(principal, need, auth.permissions);
    return reachOf(principal, auth.resources);
  };
}

const storeOf = (request: FastifyRequest): AccessStore =>
  request.muster.listener === REGISTRY ? 'registry' : 'controller';

/** Undefined: everything. Templates are granted by the registry's groups, nodes by the controller's; a grant of either counts. */
async function reachOf(
  { isRoot, mode, groups, user }: Principal,
  resources: Auth['resources'],
): Promise<Reach | undefined> {
  if (resources === undefined || isRoot || mode === 'node') return undefined;
  const stores = ['controller', 'registry'] as const;
  const grants = await Promise.all(stores.map((store) => resources.resourcesOf(groups, user, store)));
  return new Reach(grants.flat());
}

/** Throws for a route that says nothing, so that the server does not start with it. */
export function needOf(
  route: Pick<RouteOptions, 'config' | 'url' | 'method'> | FastifyRequest['routeOptions'],
): Omit<RouteNeed, 'store'> {
  const config = (route.config ?? {}) as Partial<Record<string, unknown>>;
  const need = config[NEED] as Need | undefined;
  if (need !== undefined) return { need, alsoNodes: config[ALSO_NODES] === true };
  // What no route answers has no path.
  if (route.url === undefined || OPEN_PATHS.test(route.url)) return { need: 'open', alsoNodes: false };
  throw new Error(`The route ${String(route.method)} ${route.url} does not say what it needs: it must have @Needs`);
}

function callerOf(request: FastifyRequest, behindIngress: boolean): Caller {
  const address = request.ip;
  if (behindIngress) return callerBehindIngress(request.headers, { address }, (pem) => new X509Certificate(pem));
  return { address, authorization: request.headers.authorization, certificate: peerCertificate(request) };
}

/** Only a TLS connection has one, and only when its client has shown one. */
function peerCertificate({ raw }: FastifyRequest): X509Certificate | undefined {
  const socket = raw.socket as { getPeerX509Certificate?: () => X509Certificate | undefined };
  return socket.getPeerX509Certificate?.();
}

function giveUpBody(request: FastifyRequest, reply: FastifyReply): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined || Number(length) > SMALL_BODY_BYTES) reply.header('connection', 'close');
}

function tell(error: unknown, request: FastifyRequest, log: Log): void {
  const { correlationId, address, principal } = request.muster;
  const fields = { correlationId, address, method: request.method, path: request.routeOptions.url };
  if (error instanceof Unauthenticated) {
    const isQuestion = request.headers.authorization === undefined;
    log[isQuestion ? 'debug' : 'info']('a caller was not let in', { ...fields, why: error.why });
  } else if (error instanceof Forbidden)
    log.info('a caller may not do that', { ...fields, user: principal.user, needs: error.need });
}
