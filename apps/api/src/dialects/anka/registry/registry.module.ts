import { Module } from '@nestjs/common';
import { ErrorAnswers } from '../../../shell/error-answers.js';
import { REGISTRY } from '../../../shell/listener.js';
import { ANKA_CONFIG, readAnkaConfig } from '../anka.config.js';
import { AskingModule } from '../asking.module.js';
import { ankaWording } from '../wording.js';
import { RegistryApiKeyController } from './api-key.controller.js';
import { RegistryHealthController } from './health.controller.js';
import { RegistryLogController } from './log.controller.js';
import { RegistryTemplateController } from './template.controller.js';

const CLAIM = Symbol('AnkaRegistryClaim');

/** The registry's own API (anka.md §2.10), over the same commands and views as the controller's. It has a listener of its own. */
@Module({
  imports: [AskingModule],
  controllers: [RegistryHealthController, RegistryTemplateController, RegistryApiKeyController, RegistryLogController],
  providers: [
    { provide: ANKA_CONFIG, useFactory: () => readAnkaConfig() },
    {
      provide: CLAIM,
      useFactory: (errors: ErrorAnswers) => errors.claimListener(REGISTRY, ankaWording),
      inject: [ErrorAnswers],
    },
  ],
})
export class AnkaRegistryModule {}
