import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { NEED, type Need } from './permission.js';

/** What a route asks of its caller. Every route has it; one without keeps the API from starting. */
export const Needs = (need: Need): MethodDecorator =>
  applyDecorators(SetMetadata(NEED, need), RouteConfig({ [NEED]: need }));
