import { Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Inject } from '@nestjs/common';
import { Ask } from '../../commands/ask.js';
import { ErrorAnswers } from '../../shell/error-answers.js';
import { ANKA_CONFIG, type AnkaConfig, readAnkaConfig } from './anka.config.js';
import { Asking } from './asking.js';
import { allowCors } from './cors.filter.js';
import { NodeController } from './node.controller.js';
import { RegistryController } from './registry.controller.js';
import { StatusController } from './status.controller.js';
import { VmController } from './vm.controller.js';
import { ankaWording } from './wording.js';

/** The part of the paths that this dialect speaks for. */
export const ANKA_PREFIX = '/api/v1';

/** The REST API of the Anka Build Cloud controller, over the same commands and views as every other door. */
@Module({
  controllers: [StatusController, VmController, NodeController, RegistryController],
  providers: [
    { provide: ANKA_CONFIG, useFactory: () => readAnkaConfig() },
    { provide: Asking, useFactory: (ask: Ask) => new Asking(ask), inject: [Ask] },
  ],
})
export class AnkaModule implements NestModule {
  constructor(
    private readonly http: HttpAdapterHost,
    errors: ErrorAnswers,
    @Inject(ANKA_CONFIG) private readonly config: AnkaConfig,
  ) {
    errors.claim(ANKA_PREFIX, ankaWording);
  }

  /** Called when the server is there and before it has routes. */
  configure(): void {
    if (this.config.allowCors) allowCors(this.http.httpAdapter.getInstance<FastifyInstance>());
  }
}
