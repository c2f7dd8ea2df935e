import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#events';
import type { DoorRequest } from '../../shell/request-context.js';
import { ACCESS_VIEW, CLOCK } from '../../tokens.js';
import type { AccessView } from '../../views/index.js';
import { ANKA_CONFIG, type AnkaConfig } from './anka.config.js';
import { ApiKeys } from './api-keys.js';
import { Asking } from './asking.js';
import { ApiKeyDto, CreateApiKeyDto, UpdateApiKeyDto } from './dto/access.dto.js';
import { Route } from './routes.controller.js';

/** User API keys of the controller. Without ANKA_ENABLE_API_KEYS these routes are not there. */
@ApiTags('API keys')
@Controller('api/v1')
export class ApiKeyController {
  private readonly keys: ApiKeys;

  constructor(
    asking: Asking,
    @Inject(ANKA_CONFIG) { apiKeys: isOn }: AnkaConfig,
    @Inject(ACCESS_VIEW) access: AccessView,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.keys = new ApiKeys({ store: 'controller', isOn, asking, access, clock });
  }

  @Route('GET apikey', 'All API keys, or the one of the id', {
    needs: 'view_permissions',
    object: ApiKeyDto,
    list: ApiKeyDto,
  })
  @ApiQuery({ name: 'id', required: false })
  read(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.keys.read(request);
  }

  @Route('POST apikey', 'Make an API key; without a public one the answer is the new private key, once', {
    needs: 'update_permission_groups',
    text: true,
  })
  @ApiBody({ type: CreateApiKeyDto })
  create(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.keys.create(request);
  }

  @Route('PUT apikey', 'Change groups or expiry of an API key', { needs: 'update_permission_groups' })
  @ApiBody({ type: UpdateApiKeyDto })
  update(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.keys.update(request);
  }

  @Route('DELETE apikey', 'Take an API key away', { needs: 'delete_permission_groups' })
  @ApiQuery({ name: 'id' })
  delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.keys.delete(request);
  }
}
