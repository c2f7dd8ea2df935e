import type { AccessStore } from '#domain';
import type { Clock } from '#events';
import { makeKeyPair, readPublicKey } from '../../auth/key-pair.system.js';
import { RouteUnknown } from '../../shell/error-answers.js';
import type { DoorRequest } from '../../shell/request-context.js';
import type { AccessView } from '../../views/index.js';
import type { Asking } from './asking.js';
import { CreateApiKeyDto, UpdateApiKeyDto } from './dto/access.dto.js';
import { checked } from './dto/checked.dto.js';
import { done, ok } from './envelope.js';
import { BadInput, Failure, found } from './failure.js';
import { parametersOf, queried, requiredId } from './parameters.js';
import { apiKeyOf } from './translate/access.js';

export interface ApiKeysParts {
  /** Whose keys: the controller and the registry each have their own. */
  readonly store: AccessStore;
  /** Without it the routes are not there. */
  readonly isOn: boolean;
  readonly asking: Asking;
  readonly access: Pick<AccessView, 'apiKey' | 'apiKeys'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What the routes for user API keys do (anka.md §2.8), on either listener. Every method throws `RouteUnknown` where there are none. */
export class ApiKeys {
  constructor(private readonly parts: ApiKeysParts) {}

  /** All keys, or the one of the id. */
  async read(request: DoorRequest): Promise<Uint8Array> {
    const { access, store } = this.at(request);
    const id = queried(request, 'id');
    if (id === undefined) return ok((await access.apiKeys(store)).map(apiKeyOf));
    return ok(apiKeyOf(found(await access.apiKey(id, store))));
  }

  /** Nothing, or the private key that was made, once. */
  async create(request: DoorRequest): Promise<Uint8Array> {
    const { asking, clock, store } = this.at(request);
    const { id, ttl, groups, publicKey: given } = checked(CreateApiKeyDto, parametersOf(request));
    const pair = given === undefined ? await makeKeyPair() : undefined;
    const publicKey = pair?.publicKey ?? readPublicKey(given ?? '');
    if (publicKey === undefined)
      throw new BadInput('publicKey must be an RSA key of at least 2048 bits, PKIX DER in base64');
    const expiresAt = clock.now() + ttl * 1000;
    await asking.command(request, { type: 'CreateApiKey', store, keyId: id, publicKey, groups, expiresAt });
    if (pair === undefined) return done();
    await this.mustBeOurs(id, publicKey);
    return ok(pair.privateKey);
  }

  async update(request: DoorRequest): Promise<Uint8Array> {
    const { asking, clock, store } = this.at(request);
    const { id, ttl, groups } = checked(UpdateApiKeyDto, parametersOf(request));
    await asking.command(request, {
      ...{ type: 'UpdateApiKey', store, keyId: id },
      ...(groups !== undefined && { groups }),
      ...(ttl !== undefined && { expiresAt: clock.now() + ttl * 1000 }),
    });
    return done();
  }

  async delete(request: DoorRequest): Promise<Uint8Array> {
    const { asking, store } = this.at(request);
    await asking.command(request, { type: 'DeleteApiKey', store, keyId: requiredId(request, 'id') });
    return done();
  }

  /** A request that is repeated under its idempotency key was accepted with the pair that was made then, and forgotten. */
  private async mustBeOurs(keyId: string, publicKey: string): Promise<void> {
    const { access, store } = this.parts;
    if ((await access.apiKey(keyId, store))?.publicKey === publicKey) return;
    throw new Failure(400, 'The private key was answered before; it is kept nowhere');
  }

  private at(request: DoorRequest): ApiKeysParts {
    if (!this.parts.isOn) throw new RouteUnknown(request.method, request.url);
    return this.parts;
  }
}
