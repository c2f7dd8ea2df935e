import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ALSO_NODES, NEED, type Need } from './permission.js';

/**
 * What a route asks of its caller, and whether node agents may call it as well. Every route has it; one without keeps the API from
 * starting.
 */
export const Needs = (need: Need, { alsoNodes = false } = {}): MethodDecorator =>
  applyDecorators(SetMetadata(NEED, need), RouteConfig({ [NEED]: need, [ALSO_NODES]: alsoNodes }));
