import { applyDecorators, Delete, Get, Header, HttpCode, Post, Put, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Needs } from '../../auth/needs.controller.js';
import type { Need } from '../../auth/permission.js';
import { ANSWER_HEADERS } from './envelope.js';

type Schema = NonNullable<Extract<Parameters<typeof ApiResponse>[0], { schema: unknown }>['schema']>;

const VERBS = { GET: Get, POST: Post, PUT: Put, DELETE: Delete };

/** What a route asks of its caller and what it answers in `body`: nothing, an object of a class, an array of one, or either; or a map of such objects. */
export interface RouteRules {
  readonly needs: Need;
  readonly object?: Type;
  readonly list?: Type | 'string';
  readonly map?: Type;
  readonly count?: true;
  /** A text instead of a body that is empty. */
  readonly text?: true;
}

/** A route of this dialect: `GET vm`, what it does, what it answers. Success is 200 always, as bytes with exact headers. */
export function Route(
  verbAndPath: `${keyof typeof VERBS} ${string}`,
  summary: string,
  { needs, ...answers }: RouteRules,
): MethodDecorator {
  const [verb = 'GET', path = ''] = verbAndPath.split(' ') as [keyof typeof VERBS, string];
  const models = [answers.object, answers.list, answers.map].filter(
    (model): model is Type => typeof model === 'function',
  );
  return applyDecorators(
    VERBS[verb](path),
    HttpCode(200),
    Needs(needs),
    ...Object.entries(ANSWER_HEADERS).map(([name, value]) => Header(name, value)),
    ApiOperation({ summary }),
    ApiExtraModels(...models),
    ApiResponse({
      status: 200,
      description: 'Done, or refused in a way that the message tells',
      schema: schemaOf(answers),
    }),
    ApiResponse({ status: 400, description: 'Refused', schema: FAILED }),
    ApiResponse({ status: 413, description: 'The body is too large', schema: FAILED }),
    ApiResponse({
      status: 503,
      description: 'A part is away; ask again after Retry-After',
      headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
      schema: FAILED,
    }),
  );
}

const envelope = (status: string, body?: Schema): Schema => ({
  type: 'object',
  required: ['status', 'message', ...(body ? ['body'] : [])],
  properties: {
    status: { type: 'string', enum: [status] },
    message: { type: 'string' },
    ...(body && { body }),
  },
});

const FAILED = envelope('FAIL');

function schemaOf({ object, list, map, count, text }: Omit<RouteRules, 'needs'>): Schema {
  const bodies: Schema[] = [];
  if (object) bodies.push({ $ref: getSchemaPath(object) });
  if (count) bodies.push({ type: 'integer', minimum: 0 });
  if (map) bodies.push({ type: 'object', additionalProperties: { $ref: getSchemaPath(map) } });
  if (list === 'string') bodies.push({ type: 'array', items: { type: 'string' } });
  else if (list) bodies.push({ type: 'array', items: { $ref: getSchemaPath(list) } });
  if (text) bodies.push({ type: 'string' });
  const body = bodies.length > 1 ? { oneOf: bodies } : bodies[0];
  return { oneOf: [envelope('OK', body), FAILED] };
}
