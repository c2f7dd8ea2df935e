import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '#events';
import { REGISTRY } from '../../../shell/listener.js';
import { silentLog } from '../../../shell/log.js';
import { SideListener } from '../../../shell/side-listener.http.js';
import { openDoors } from '../../../testing/api.contract.js';
import { push } from '../../../testing/fleet.contract.js';
import { House } from '../../../testing/house.contract.js';
import { AnkaModule } from '../anka.module.js';
import type { Answer, Verb } from '../anka-client.contract.js';
import { AnkaRegistryModule } from './registry.module.js';

const GRACE_MS = 1000;

@Module({ imports: [AnkaModule, AnkaRegistryModule] })
class BothDoors {}

/** A client of the registry's own port, over a house with one template, `v1`. The controller's routes are beside it. */
export class RegistryClient {
  private constructor(
    readonly house: House,
    readonly app: NestFastifyApplication,
    readonly listener: SideListener,
  ) {}

  static async open(doors: Type = BothDoors): Promise<RegistryClient> {
    const house = new House().begin();
    const app = await openDoors(house, doors);
    const at = { host: '127.0.0.1', port: 0 };
    const listener = new SideListener({ name: REGISTRY, at, clock: systemClock, log: silentLog, graceMs: GRACE_MS });
    await listener.open(app.getHttpServer());
    await house.tell(push('v1', 'a'));
    return new RegistryClient(house, app, listener);
  }

  async close(): Promise<void> {
    await this.listener.closed();
    await this.app.close();
    await this.house.end();
  }

  get url(): string {
    return `http://127.0.0.1:${this.listener.address?.port}`;
  }

  async call(method: Verb, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${this.url}/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    const isEnvelope = answer.headers.get('content-type') === 'application/json';
    const told = isEnvelope ? (JSON.parse(text) as Answer) : { status: '', message: '', body: undefined as never };
    const { status, message, body: found } = told;
    return { code: answer.status, headers: Object.fromEntries(answer.headers), text, status, message, body: found };
  }
}
