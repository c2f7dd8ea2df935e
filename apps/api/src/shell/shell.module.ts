import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { Clock } from '#events';
import { CLOCK, LOG } from '../tokens.js';
import { ErrorAnswers } from './error-answers.js';
import { HealthController } from './health.controller.js';
import { HttpDrain } from './http-drain.module.js';
import type { Log } from './log.js';
import { ShellFilter } from './shell.filter.js';

/** What every door has around it. */
@Module({})
export class ShellModule {
  static of(graceMs: number): DynamicModule {
    return {
      module: ShellModule,
      controllers: [HealthController],
      providers: [
        {
          provide: APP_FILTER,
          useFactory: (answers: ErrorAnswers, log: Log) => new ShellFilter(answers, log),
          inject: [ErrorAnswers, LOG],
        },
        {
          provide: HttpDrain,
          useFactory: (host: HttpAdapterHost, clock: Clock) => new HttpDrain(host, clock, graceMs),
          inject: [HttpAdapterHost, CLOCK],
        },
      ],
    };
  }
}
