import { IN_THE_LIST, type Reads } from './parts/answers.js';
import { dataOf, viaAxios } from './parts/axios.js';
import { poll } from './parts/poll.js';
import { Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The GitHub actions `anka-actions` (anka.md §8.5): axios, a body that is a text, Basic with an empty user. */

interface Data<T> {
  readonly status: string;
  readonly message: string;
  readonly body: T;
}

interface ActionsInstance {
  readonly instance_id: string;
  readonly instance_state: string;
  readonly message?: string;
  readonly progress?: number;
  readonly external_id: string | null;
  readonly startup_script?: { readonly stderr: string };
}

export interface ActionsOrder {
  readonly vmid: string;
  readonly external_id: string;
  readonly tag?: string;
  readonly startup_script?: string;
  readonly group_id?: string;
  readonly vcpu?: number;
  readonly vram?: number;
}

export class AnkaActions {
  constructor(
    private readonly wire: Wire,
    private readonly rootToken?: string,
  ) {}

  async start(order: ActionsOrder): Promise<string> {
    const script = order.startup_script !== undefined && { script_monitoring: true, script_fail_handler: 1 };
    const body = JSON.stringify({ ...order, count: 1, ...script });
    return idOf(await this.ask<Data<string[]>>('POST', '/api/v1/vm', body));
  }

  /** The up action: looks until the instance runs; tells every state that it saw. */
  async up(id: string, saw: (state: string) => void = () => undefined): Promise<void> {
    await poll(`instance ${id} is up`, async () => {
      const state = stateOf(await this.ask<Data<ActionsInstance>>('GET', `/api/v1/vm?id=${encodeURIComponent(id)}`));
      saw(state);
      return state === 'Started' ? true : undefined;
    });
  }

  /** The down action looks for the instance by its external id, outside of `vm`. */
  async idOf(externalId: string): Promise<string | undefined> {
    return listed(await this.ask<Data<ActionsInstance[]>>('GET', '/api/v1/vm'), externalId);
  }

  async down(id: string): Promise<void> {
    expectOk(await this.ask<Data<never>>('DELETE', '/api/v1/vm', { id }));
  }

  private ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: string | object): Promise<T> {
    const auth = this.rootToken === undefined ? undefined : { username: '', password: this.rootToken };
    return viaAxios<T>(this.wire, { method, path }, body, auth);
  }
}

function expectOk<T>(data: Data<T>): T {
  if (data.status !== 'OK') throw new Refused(200, `API response status:${data.status} ${data.message}`);
  return data.body;
}

function idOf(data: Data<string[]>): string {
  const body = expectOk(data);
  if (!body.length) throw new Error(`API response body: ${JSON.stringify(body)}`);
  return body[0] as string;
}

function stateOf(data: Data<ActionsInstance>): string {
  const instance = expectOk(data);
  if (!instance.instance_state) throw new Error(`API response body: ${JSON.stringify(instance)}`);
  if (['Error', 'Terminating', 'Terminated'].includes(instance.instance_state)) {
    const { message, startup_script: script } = instance;
    throw new Error(`VM failed to start: ${message}${script ? `: ${script.stderr}` : ''}`.trim());
  }
  return instance.instance_state;
}

function listed(data: Data<ActionsInstance[]>, externalId: string): string | undefined {
  return expectOk(data).filter((one) => one.external_id === externalId)[0]?.instance_id;
}

const reading =
  <T>(read: (data: Data<T>) => unknown) =>
  (answer: RawAnswer) =>
    read(dataOf<Data<T>>(answer));

/** Throws unless the reading fails with these words, in which the action tells its user what is wrong. */
function tells(read: () => unknown, words: string): void {
  let told = 'nothing';
  try {
    read();
  } catch (cause) {
    told = (cause as Error).message;
  }
  if (told !== words) throw new Error(`The action tells "${told}"`);
}

export const actionsReads: Reads = {
  'started ids': reading(idOf),
  'instance scheduling': reading(stateOf),
  'instance pulling': reading((data: Data<ActionsInstance>) => progressOf(stateOf(data), data.body.progress)),
  'instance started': reading(stateOf),
  'instance failed': reading((data: Data<ActionsInstance>) =>
    tells(() => stateOf(data), 'VM failed to start: startup script exit code 1: boom'),
  ),
  instances: reading((data: Data<ActionsInstance[]>) => {
    if (listed(data, IN_THE_LIST.externalId) === undefined) throw new Error('The down action finds no instance');
  }),
};

/** What the log of the up action shows as a percentage. */
function progressOf(state: string, progress: number | undefined): string {
  const percent = Math.round((progress as number) * 100);
  if (state !== 'Pulling' || !(percent >= 0 && percent <= 100)) throw new Error(`${state} ${percent} %`);
  return `${percent} %`;
}
