import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#events';
import { makeKeyPair, readPublicKey } from '../../auth/key-pair.system.js';
import { RouteUnknown } from '../../shell/error-answers.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { ACCESS_VIEW, CLOCK } from '../../tokens.js';
import type { AccessView } from '../../views/index.js';
import { ANKA_CONFIG, type AnkaConfig } from './anka.config.js';
import { Asking } from './asking.js';
import { ApiKeyDto, CreateApiKeyDto, UpdateApiKeyDto } from './dto/access.dto.js';
import { checked } from './dto/checked.dto.js';
import { done, ok } from './envelope.js';
import { BadInput, Failure, notFound } from './failure.js';
import { parametersOf, queried, requiredId } from './parameters.js';
import { Route } from './routes.controller.js';
import { apiKeyOf } from './translate/access.js';

/** User API keys of the controller. Without ANKA_ENABLE_API_KEYS these routes are not there. */
@ApiTags('API keys')
@Controller('api/v1')
export class ApiKeyController {
  constructor(
    private readonly asking: Asking,
    @Inject(ANKA_CONFIG) private readonly config: AnkaConfig,
    @Inject(ACCESS_VIEW) private readonly access: AccessView,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Route('GET apikey', 'All API keys, or the one of the id', {
    needs: 'view_permissions',
    object: ApiKeyDto,
    list: ApiKeyDto,
  })
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    this.mustBeOn(request);
    const id = queried(request, 'id');
    if (id === undefined) return ok((await this.access.apiKeys()).map(apiKeyOf));
    const key = await this.access.apiKey(id);
    if (key === undefined) throw notFound();
    return ok(apiKeyOf(key));
  }

  @Route('POST apikey', 'Make an API key; without a public one the answer is the new private key, once', {
    needs: 'update_permission_groups',
    text: true,
  })
  @ApiBody({ type: CreateApiKeyDto })
  async create(@Req() request: DoorRequest): Promise<Uint8Array> {
    this.mustBeOn(request);
    const { id, ttl, groups, publicKey: given } = checked(CreateApiKeyDto, parametersOf(request));
    const pair = given === undefined ? await makeKeyPair() : undefined;
    const publicKey = pair?.publicKey ?? readPublicKey(given ?? '');
    if (publicKey === undefined)
      throw new BadInput('publicKey must be an RSA key of at least 2048 bits, PKIX DER in base64');
    const expiresAt = this.clock.now() + ttl * 1000;
    await this.asking.command(request, {
      ...{ type: 'CreateApiKey', store: 'controller', keyId: id, publicKey, groups, expiresAt },
    });
    if (pair === undefined) return done();
    await this.mustBeOurs(id, publicKey);
    return ok(pair.privateKey);
  }

  @Route('PUT apikey', 'Change groups or expiry of an API key', { needs: 'update_permission_groups' })
  @ApiBody({ type: UpdateApiKeyDto })
  async update(@Req() request: DoorRequest): Promise<Uint8Array> {
    this.mustBeOn(request);
    const { id, ttl, groups } = checked(UpdateApiKeyDto, parametersOf(request));
    await this.asking.command(request, {
      ...{ type: 'UpdateApiKey', store: 'controller', keyId: id },
      ...(groups !== undefined && { groups }),
      ...(ttl !== undefined && { expiresAt: this.clock.now() + ttl * 1000 }),
    });
    return done();
  }

  @Route('DELETE apikey', 'Take an API key away', { needs: 'delete_permission_groups' })
  @ApiQuery({ name: 'id' })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    this.mustBeOn(request);
    const keyId = requiredId(request, 'id');
    await this.asking.command(request, { type: 'DeleteApiKey', store: 'controller', keyId });
    return done();
  }

  /** A request that is repeated under its idempotency key was accepted with the pair that was made then, and forgotten. */
  private async mustBeOurs(keyId: string, publicKey: string): Promise<void> {
    if ((await this.access.apiKey(keyId))?.publicKey === publicKey) return;
    throw new Failure(400, 'The private key was answered before; it is kept nowhere');
  }

  private mustBeOn(request: DoorRequest): void {
    if (!this.config.apiKeys) throw new RouteUnknown(request.method, request.url);
  }
}
