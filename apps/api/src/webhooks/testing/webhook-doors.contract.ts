import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../../testing/api.contract.js';
import { House } from '../../testing/house.contract.js';
import { WebhooksModule } from '../webhooks.module.js';

export interface Answer {
  readonly code: number;
  readonly body: Record<string, unknown> & { id: string; secret: string; items: { id: string }[]; next?: string };
  readonly etag: unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export const CI = { name: 'CI', url: 'https://ci.example/hook?token=s3cret' };

/** The doors of the webhooks, over a house. */
export class WebhookDoors {
  private constructor(
    readonly house: House,
    private readonly app: NestFastifyApplication,
  ) {}

  static async open(): Promise<WebhookDoors> {
    const house = new House().begin();
    return new WebhookDoors(house, await openDoors(house, WebhooksModule));
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.house.end();
  }

  async call(method: Method, path = '', body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const url = `/api/v2/webhooks${path}`;
    const answer = await this.app.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) });
    const told = (answer.payload === '' ? {} : JSON.parse(answer.payload)) as Answer['body'];
    return { code: answer.statusCode, body: told, etag: answer.headers['etag'] };
  }

  /** Makes a webhook and returns its id. */
  async create(fields: object = {}): Promise<string> {
    return (await this.call('POST', '', { ...CI, ...fields })).body.id;
  }
}

/** Gives every test of the spec file doors of its own, over a house of its own. */
export function doorsOfSpec() {
  let doors: WebhookDoors;
  beforeEach(async () => void (doors = await WebhookDoors.open()));
  afterEach(() => doors.close());
  const call: WebhookDoors['call'] = (...asked) => doors.call(...asked);
  const create: WebhookDoors['create'] = (...fields) => doors.create(...fields);
  return {
    call,
    create,
    get house(): House {
      return doors.house;
    },
  };
}
