import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Unavailable } from '#events';
import { ErrorAnswers, RouteUnknown, UnreadableBody } from './error-answers.js';
import { listenerOf } from './listener.js';
import type { Log } from './log.js';
import { problemWording } from './problem.js';

/** The last resort of every request: words what nobody has caught as the dialect of its path does, and logs what we must look into. */
@Catch()
export class ShellFilter implements ExceptionFilter {
  constructor(
    private readonly answers: ErrorAnswers,
    private readonly log: Log,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = meaningOf(thrown, request);
    // The router takes a path that is written otherwise (`/%61pi`) for the same route: its words are the route's.
    const path = (request.is404 ? undefined : request.routeOptions.url) ?? request.url;
    const wording = this.answers.wordingFor(path, listenerOf(request.raw)) ?? problemWording;
    const { status, headers = {}, body } = wording(error, request);
    this.tell(error, status, request);
    if (reply.sent) return;
    void reply.code(status).headers(headers).send(body);
  }

  private tell(error: unknown, status: number, request: FastifyRequest): void {
    if (status < 500) return;
    // Nobody is there to hear of it, and it may well be what broke the request.
    if (request.raw.destroyed) return this.log.debug('a client went away', { path: pathOf(request) });
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    const fields = { correlationId: request.muster.correlationId, method: request.method, path: pathOf(request) };
    if (error instanceof Unavailable) this.log.warn(message, { ...fields, away: error.dependency });
    else this.log.error(message, { ...fields, stack });
  }
}

/** The path alone: a query may hold what is no business of a log. */
export const pathOf = (request: { readonly url: string }): string => request.url.split('?', 1)[0] ?? '';

/** Nest and Fastify have errors of their own for what the shell has names for. */
function meaningOf(thrown: unknown, request: FastifyRequest): unknown {
  if (thrown instanceof HttpException && thrown.getStatus() === 404 && request.is404)
    return new RouteUnknown(request.method, pathOf(request));
  const { code, statusCode } = thrown as { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && code.startsWith('FST_') && (statusCode === 400 || statusCode === 413))
    return new UnreadableBody(statusCode, (thrown as Error).message, { cause: thrown });
  return thrown;
}
