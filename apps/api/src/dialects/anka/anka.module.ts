import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ErrorAnswers } from '../../shell/error-answers.js';
import { REGISTRY_LISTENER } from '../../tokens.js';
import { ANKA_CONFIG, type AnkaConfig, readAnkaConfig } from './anka.config.js';
import { ApiKeyController } from './api-key.controller.js';
import { AskingModule } from './asking.module.js';
import { allowCors } from './cors.filter.js';
import { DistributionController } from './distribution.controller.js';
import { withFailStatus } from './fail-status.js';
import { GroupController } from './group.controller.js';
import { MacController } from './mac.controller.js';
import { LoginController } from './login.controller.js';
import { ImageController } from './image.controller.js';
import { NodeController } from './node.controller.js';
import { OfferController } from './offer.controller.js';
import { PermissionController } from './permission.controller.js';
import { RegistryController } from './registry.controller.js';
import { type RegistryListener, RegistryState } from './registry-state.js';
import { StatusController } from './status.controller.js';
import { VmController } from './vm.controller.js';
import { ankaWording } from './wording.js';

/** The parts of the paths that this dialect speaks for. */
export const ANKA_PREFIXES = ['/api/v1', '/tap', '/config', '/admin'];

const CLAIM = Symbol('AnkaClaim');
const CORS = Symbol('AnkaCors');

/** The REST API of the Anka Build Cloud controller, over the same commands and views as every other door. */
@Module({
  imports: [AskingModule],
  controllers: [
    LoginController,
    StatusController,
    VmController,
    NodeController,
    RegistryController,
    GroupController,
    OfferController,
    MacController,
    DistributionController,
    ImageController,
    ApiKeyController,
    PermissionController,
  ],
  providers: [
    { provide: ANKA_CONFIG, useFactory: () => readAnkaConfig() },
    {
      provide: RegistryState,
      useFactory: ({ registry }: AnkaConfig, listener?: RegistryListener) => new RegistryState(registry, listener),
      inject: [ANKA_CONFIG, { token: REGISTRY_LISTENER, optional: true }],
    },
    {
      provide: CLAIM,
      useFactory: (errors: ErrorAnswers, { failStatus }: AnkaConfig) =>
        ANKA_PREFIXES.forEach((prefix) => errors.claim(prefix, withFailStatus(failStatus, ankaWording))),
      inject: [ErrorAnswers, ANKA_CONFIG],
    },
    { provide: CORS, useFactory: corsOf, inject: [HttpAdapterHost, ANKA_CONFIG] },
  ],
})
export class AnkaModule {}

/** Acts once there is a server, which in tests is after the providers were made. */
function corsOf(http: HttpAdapterHost, config: AnkaConfig): { onModuleInit(): void } {
  return {
    onModuleInit: () => {
      if (config.allowCors) allowCors(http.httpAdapter.getInstance<FastifyInstance>());
    },
  };
}
