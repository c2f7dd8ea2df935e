import { applyDecorators } from '@nestjs/common';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { REGISTRY } from '../../../shell/listener.js';
import { Route } from '../routes.controller.js';

/** A route of the registry's own API: it answers on the registry's listener and nowhere else. */
export function RegistryRoute(...[verbAndPath, summary, rules]: Parameters<typeof Route>): MethodDecorator {
  return applyDecorators(Route(verbAndPath, summary, rules), RouteConstraints({ [REGISTRY_LISTENER]: REGISTRY }));
}

/** The router's name for that constraint. */
const REGISTRY_LISTENER = 'listener';
