import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.controller.js';
import { HealthWatch, type Part, SPARABLE } from './health-watch.js';
import { Metrics } from './metrics.system.js';
import { RETRY_AFTER_S } from './problem.js';

/** For those who run us: whether we live, whether we can do our work, and figures. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthWatch) private readonly watch: HealthWatch,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** 200 for as long as the event loop turns. */
  @Get('livez')
  @Needs('open')
  live(): { live: true } {
    return { live: true };
  }

  /** 200, or 503 that names what is away and why. What is away and can be spared is named as impaired, and makes no 503 by itself. */
  @Get('readyz')
  @Needs('open')
  ready(@Res() reply: FastifyReply): void {
    const wrong = Object.entries(this.watch.away());
    const away = wrong.filter(([part]) => !SPARABLE.has(part as Part));
    const spared = wrong.filter(([part]) => SPARABLE.has(part as Part));
    const impaired = spared.length > 0 && { impaired: Object.fromEntries(spared) };
    if (away.length === 0) void reply.send({ ready: true, ...impaired });
    else
      void reply
        .code(503)
        .header('retry-after', String(RETRY_AFTER_S))
        .send({ ready: false, away: Object.fromEntries(away), ...impaired });
  }

  @Get('metrics')
  @Needs('any')
  async figures(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.text();
    void reply.header('content-type', this.metrics.contentType).send(text);
  }
}
