import { Controller, Inject, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { DoorRequest } from '../../shell/request-context.js';
import { ANKA_CONFIG, type AnkaConfig } from './anka.config.js';
import { StatusDto } from './dto/status.dto.js';
import { ok } from './envelope.js';
import { ownUrl } from './own-url.js';
import { Route } from './routes.controller.js';
import { CONTROLLER_VERSION, LICENSE } from './version.js';

@ApiTags('status')
@Controller('api/v1')
export class StatusController {
  constructor(@Inject(ANKA_CONFIG) private readonly config: AnkaConfig) {}

  @Route('GET status', 'State and version of the controller', { needs: 'any', object: StatusDto })
  status(@Req() request: DoorRequest): Uint8Array {
    const status: StatusDto = {
      status: 'Running',
      version: CONTROLLER_VERSION,
      registry_address: this.config.registry ?? ownUrl(request),
      registry_status: 'Running',
      license: LICENSE,
    };
    return ok(status);
  }
}
