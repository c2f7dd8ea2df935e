import { IN_THE_LIST, type Reads } from './parts/answers.js';
import { poll } from './parts/poll.js';
import { Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The Azure DevOps extension (anka.md §8.8): JavaScript, empty texts for whatever its form left empty, 200 and nothing else. */

const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json', 'User-Agent': 'AnkaTask' };

interface AzureInstance {
  readonly instance_id: string;
  readonly instance_state: string;
  readonly vminfo?: { readonly host_ip: string };
}

interface AzureListed {
  readonly instance_id: string;
  readonly name: string | null;
  readonly external_id: string | null;
  readonly vm: AzureInstance;
}

/** The fields of the task's form. */
export interface AzureForm {
  readonly vmid: string;
  readonly tag: string;
  readonly name: string;
  readonly external_id: string;
  readonly startup_script: string;
  readonly node_id?: string;
}

export class AzureExtension {
  constructor(private readonly wire: Wire) {}

  async start(form: AzureForm): Promise<string> {
    const ids = readBody<string[]>(await this.ask('POST', '/api/v1/vm', { group_id: '', node_id: '', ...form }));
    return firstOf(ids);
  }

  async started(id: string): Promise<AzureInstance> {
    return poll(`${id} is started`, async () => upOrNot(readBody<AzureInstance>(await this.show(id))));
  }

  /** The later task of the pipeline knows only what the form said. */
  async find(by: { name?: string; external_id?: string }): Promise<AzureListed | undefined> {
    return found(readBody<AzureListed[]>(await this.ask('GET', '/api/v1/vm')), by);
  }

  /** True once the controller knows the instance no more. */
  async isGone(id: string): Promise<boolean> {
    return saysGone(await this.show(id));
  }

  async delete(id: string): Promise<void> {
    readBody(await this.ask('DELETE', '/api/v1/vm', { id }));
  }

  private show(id: string): Promise<RawAnswer> {
    return this.ask('GET', `/api/v1/vm?id=${id}`);
  }

  private ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<RawAnswer> {
    return this.wire.send({ method, path, headers: HEADERS, ...(body && { body: JSON.stringify(body) }) });
  }
}

function readBody<T>({ code, text }: RawAnswer): T {
  if (code !== 200) throw new Refused(code, `Unexpected response code ${code}: ${text}`);
  const { status, message, body } = JSON.parse(text) as { status: string; message: string; body: T };
  if (status !== 'OK') throw new Refused(code, message);
  return body;
}

function firstOf(ids: readonly string[]): string {
  if (ids.length === 0 || !ids[0]) throw new Error('No instance was started');
  return ids[0];
}

function upOrNot(instance: AzureInstance): AzureInstance | undefined {
  const { instance_state: state } = instance;
  if (['Error', 'Terminating', 'Terminated'].includes(state)) throw new Error(`The instance is ${state}`);
  return state === 'Started' && instance.vminfo?.host_ip ? instance : undefined;
}

function found(list: readonly AzureListed[], by: { name?: string; external_id?: string }): AzureListed | undefined {
  return list.find((one) => (by.name ? one.name === by.name : one.external_id === by.external_id));
}

function saysGone({ code, text }: RawAnswer): boolean {
  return code === 200 && (JSON.parse(text) as { message: string }).message === 'Not found';
}

export const azureReads: Reads = {
  'started ids': (answer) => firstOf(readBody<string[]>(answer)),
  'instance scheduling': (answer) => upOrNot(readBody<AzureInstance>(answer)),
  'instance started': (answer) => {
    if (upOrNot(readBody<AzureInstance>(answer)) === undefined) throw new Error('It never gets an address');
  },
  instances: (answer) => {
    const list = readBody<AzureListed[]>(answer);
    const { name, externalId: external_id } = IN_THE_LIST;
    if (!found(list, { name }) || !found(list, { external_id })) throw new Error('not in the list');
  },
  'unknown instance': (answer) => {
    if (!saysGone(answer)) throw new Error('It waits for ever for the instance to be gone');
  },
};
