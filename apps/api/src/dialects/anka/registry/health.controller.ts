import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../../auth/needs.controller.js';
import type { BlobStore } from '../../../blobs/blob-store.js';
import { HealthWatch } from '../../../shell/health-watch.js';
import { REGISTRY } from '../../../shell/listener.js';
import { RETRY_AFTER_S } from '../../../shell/problem.js';
import { BLOB_STORE } from '../../../tokens.js';
import { ok } from '../envelope.js';
import { CONTROLLER_VERSION } from '../version.js';
import { RegistryDiskDto, RegistryStatusDto } from './registry.dto.js';
import { RegistryRoute } from './registry-route.controller.js';

/** Whether the registry runs, and what room it has. */
@ApiTags('registry')
@Controller()
export class RegistryHealthController {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(HealthWatch) private readonly watch: HealthWatch,
  ) {}

  @RegistryRoute('GET registry/status', 'State and version of the registry', {
    needs: 'any',
    object: RegistryStatusDto,
  })
  status(): Uint8Array {
    const status: RegistryStatusDto = { status: 'Running', version: CONTROLLER_VERSION };
    return ok(status);
  }

  @RegistryRoute('GET registry/disk', 'Room for templates', { needs: 'get_disk_info', object: RegistryDiskDto })
  async disk(): Promise<Uint8Array> {
    const { freeBytes, totalBytes } = await this.blobs.room();
    const disk: RegistryDiskDto = { free: freeBytes, total: totalBytes };
    return ok(disk);
  }

  @ApiExcludeEndpoint()
  @Needs('open')
  @RouteConstraints({ listener: REGISTRY })
  @Get('livez')
  @HttpCode(200)
  live(): { live: true } {
    return { live: true };
  }

  /** 200, or 503 that names what the registry needs and does not have. */
  @ApiExcludeEndpoint()
  @Needs('open')
  @RouteConstraints({ listener: REGISTRY })
  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const away = this.watch.away();
    if (Object.keys(away).length === 0) void reply.send({ ready: true });
    else void reply.code(503).header('retry-after', String(RETRY_AFTER_S)).send({ ready: false, away });
  }
}
