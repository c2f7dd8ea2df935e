import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../../testing/api.contract.js';
import { instance, join, push, seatOf, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import { House } from '../../testing/house.contract.js';
import { AnkaModule } from './anka.module.js';

export type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly status: string;
  readonly message: string;
  readonly body: never;
}

/** A client of the Anka routes over a house with one template, `v1`, and one node, `mac-01`. */
export class AnkaClient {
  private constructor(
    readonly house: House,
    readonly app: NestFastifyApplication,
  ) {}

  static async open(): Promise<AnkaClient> {
    const house = new House().begin();
    const app = await openDoors(house, AnkaModule);
    await house.tell(push('v1', 'a'));
    await house.tell(join('mac-01'));
    return new AnkaClient(house, app);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.house.end();
  }

  async call(method: Verb, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const url = `/api/v1/${path}`;
    const payload = body && { payload: JSON.stringify(body) };
    const answer = await this.app.inject({ method, url, headers, ...payload });
    const { status, message, body: told } = answer.json<Answer>();
    return { code: answer.statusCode, headers: answer.headers, text: answer.payload, status, message, body: told };
  }

  start(body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', 'vm', { vmid: TEMPLATE_ID, ...body }, headers);
  }

  /** Starts one VM; returns its id. */
  async started(body: object = {}): Promise<string> {
    return idsOf(await this.start(body))[0] ?? '';
  }

  /** Its node says that the VM runs. */
  async run(id: string): Promise<void> {
    await this.house.tell({ type: 'ReportVMStarted', ...seatOf(this.house, id), instance: instance() });
  }
}

/** What POST vm answers. */
export const idsOf = (answer: Answer): string[] => answer.body;
