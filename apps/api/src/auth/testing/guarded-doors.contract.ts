import { constants, generateKeyPairSync, type KeyObject, privateDecrypt } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ACCESS_STORES, type AccessStore } from '#domain';
import { systemClock } from '#events';
import { MemorySingleUse } from '#events/testing';
import { BlobModule } from '../../blobs/blob.module.js';
import { AnkaModule } from '../../dialects/anka/anka.module.js';
import { AnkaRegistryModule } from '../../dialects/anka/registry/registry.module.js';
import { EventsModule } from '../../events/events.module.js';
import { serveOpenApi } from '../../openapi/openapi.module.js';
import { PermissionGroupsModule } from '../../permission-groups/permission-groups.module.js';
import { WebhooksModule } from '../../webhooks/webhooks.module.js';
import { HealthController } from '../../shell/health.controller.js';
import { Metrics } from '../../shell/metrics.system.js';
import { SchemasModule } from '../../schemas/schemas.module.js';
import { TemplatesModule } from '../../templates/templates.module.js';
import { REGISTRY } from '../../shell/listener.js';
import { silentLog } from '../../shell/log.js';
import { SideListener } from '../../shell/side-listener.http.js';
import { openDoors } from '../../testing/api.contract.js';
import { House } from '../../testing/house.contract.js';
import { VmsModule } from '../../vms/vms.module.js';
import type { AuthConfig } from '../auth.config.js';
import { openAuth } from '../open-auth.driver.js';
import type { Need } from '../permission.js';
import { needOf } from '../doors.guard.js';

export const ROOT_TOKEN = 'correct horse battery';
export const NODE_TOKEN = 'staple of a node agent';
export const SESSION_TTL_MS = 300_000;

/** The same for all tests: making one takes long. */
const KEY_PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PUBLIC_KEY = KEY_PAIR.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

export const CONFIG: AuthConfig = {
  rootToken: ROOT_TOKEN,
  nodeToken: NODE_TOKEN,
  sessionTtlMs: SESSION_TTL_MS,
  usesPermissions: true,
  usesResources: false,
  behindIngress: false,
};

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';

/** Every door of the product over a house, with a guard. */
export class GuardedDoors {
  /** Of every route there really is, as `GET /path` or `registry GET /path`, what it needs. */
  readonly routes = new Map<string, string>();
  readonly house = new House().begin();
  app: NestFastifyApplication;
  private registry: SideListener;
  private addresses = 0;

  /** `off`: nobody has to say who it is. */
  static async open(config: AuthConfig | 'off' = CONFIG): Promise<GuardedDoors> {
    const doors = new GuardedDoors();
    const { house } = doors;
    const singleUse = new MemorySingleUse(house.nats.connect('api'));
    const auth = await openAuth(config === 'off' ? undefined : config, {
      access: house.access,
      singleUse,
      clock: house.clock,
    });
    @Module({
      imports: [
        AnkaModule,
        AnkaRegistryModule,
        BlobModule,
        TemplatesModule,
        VmsModule,
        SchemasModule,
        EventsModule,
        PermissionGroupsModule,
        WebhooksModule,
      ],
      controllers: [HealthController],
      providers: [{ provide: Metrics, useValue: new Metrics() }],
    })
    class Doors {}
    doors.app = await openDoors(house, Doors, (app) => doors.note(app), auth);
    const at = { host: '127.0.0.1', port: 0 };
    doors.registry = new SideListener({ name: REGISTRY, at, clock: systemClock, log: silentLog, graceMs: 1000 });
    await doors.registry.open(doors.app.getHttpServer());
    return doors;
  }

  async close(): Promise<void> {
    await this.registry.closed();
    await this.app.close();
    await this.house.end();
  }

  /** Makes a key that works for an hour, whoever had the id before. */
  async makeKey(keyId: string, groups: readonly string[] = []): Promise<void> {
    await this.dropKey(keyId);
    const expiresAt = this.house.clock.now() + 3_600_000;
    const key = { type: 'CreateApiKey', store: 'controller', keyId, publicKey: PUBLIC_KEY, groups, expiresAt } as const;
    const { kind } = await this.house.tell(key);
    if (kind === 'refused') throw new Error(`Cannot make the key ${keyId}: it was refused`);
  }

  async dropKey(keyId: string): Promise<void> {
    await this.house.tell({ type: 'DeleteApiKey', store: 'controller', keyId });
  }

  /** Gives the group exactly this. */
  async allow(group: string, need: Need | undefined, at: AccessStore = 'controller'): Promise<void> {
    const grantee = { kind: 'group', name: group } as const;
    for (const store of ACCESS_STORES) await this.house.tell({ type: 'DeletePermissionGroup', store, grantee });
    if (need === undefined) return;
    const store = need.startsWith('registry:') ? 'registry' : at;
    const permissions = [need.replace('registry:', '')];
    await this.house.tell({ type: 'SetGroupPermissions', store, grantee, permissions });
  }

  /** Logs in; returns the Authorization header of the session. */
  async session(keyId: string): Promise<string> {
    const challenge = (await this.call('POST', '/tap/v1/hand', { body: { id: keyId } })).payload;
    const shaken = await this.call('POST', '/tap/v1/shake', { body: { id: keyId, secret: decrypted(challenge) } });
    const { data } = shaken.json<{ data: object }>();
    return `Bearer ${Buffer.from(`${JSON.stringify(data)}\n`).toString('base64')}`;
  }

  call(method: Verb, url: string, { authorization, body, from }: CallOptions = {}) {
    const headers = authorization === undefined ? {} : { authorization };
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    return this.app.inject({ method, url, headers, ...payload, ...(from !== undefined && { remoteAddress: from }) });
  }

  /** The same over the registry's listener, which has a socket and so always the same address. */
  async callRegistry(method: Verb, path: string, { authorization, body }: CallOptions = {}) {
    const response = await fetch(`http://127.0.0.1:${this.registry.address?.port}${path}`, {
      method,
      headers: { connection: 'close', ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && method !== 'GET' && { body: JSON.stringify(body) }),
    });
    return { statusCode: response.status, payload: await response.text() };
  }

  /** An address that nobody has called from. */
  freshAddress(): string {
    return `10.1.${this.addresses >> 8}.${this.addresses++ & 255}`;
  }

  private note(app: NestFastifyApplication): void {
    const server = app.getHttpAdapter().getInstance();
    server.addHook('onRoute', (route) => {
      const { need, alsoNodes } = needOf(route);
      const listener = (route.constraints as { readonly listener?: string } | undefined)?.listener;
      for (const method of [route.method].flat()) {
        const name = `${listener === undefined ? '' : `${listener} `}${method} ${route.url}`;
        this.routes.set(name, `${need}${alsoNodes ? '+node' : ''}`);
      }
    });
    serveOpenApi(app);
  }
}

export interface CallOptions {
  readonly authorization?: string;
  readonly body?: object;
  readonly from?: string;
}

export function decrypted(challenge: string, key: KeyObject = KEY_PAIR.privateKey): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(challenge, 'base64')).toString('utf8');
}
