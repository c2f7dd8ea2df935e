import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { Clock } from '#events';
import { drain, type Drainable } from './drain.js';

/** Drains the main listener when the application is told to stop. */
export class HttpDrain implements BeforeApplicationShutdown {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly clock: Clock,
    private readonly graceMs: number,
  ) {}

  beforeApplicationShutdown(): void {
    drain(this.host.httpAdapter.getHttpServer() as Drainable, this.clock, this.graceMs);
  }
}
