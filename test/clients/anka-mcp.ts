import type { Reads } from './parts/answers.js';
import { poll } from './parts/poll.js';
import { Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** anka-mcp (anka.md §8.6): fetch of Node, a JSON content type even without a body, ids of a narrow alphabet. */

const HEADERS = {
  'content-type': 'application/json',
  accept: '*/*',
  'accept-language': '*',
  'sec-fetch-mode': 'cors',
  'user-agent': 'node',
  'accept-encoding': 'gzip, deflate',
};
const PENDING = ['Pulling', 'Scheduling', 'Deploying'];
const FATAL = ['Error', 'Failed', 'Terminated', 'Terminating', 'Stopped'];
const SSH_PORT = 22;
const ID = /^[A-Za-z0-9._-]{1,64}$/;

interface Rule {
  readonly guest_port: number;
  readonly host_port?: number;
}

interface McpInstance {
  readonly instance_id?: string;
  readonly instance_state?: string;
  readonly message?: string;
  readonly vminfo?: { readonly status?: string; readonly host_ip?: string; readonly port_forwarding?: readonly Rule[] };
}

interface McpTemplate {
  readonly id: string;
  readonly name: string;
  readonly versions?: readonly { readonly tag: string }[];
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export class AnkaMcp {
  constructor(private readonly wire: Wire) {}

  /** Each template with the tags that an assistant may choose from. */
  async templates(): Promise<{ id: string; name: string; tags: string[] }[]> {
    const templates = readBody<McpTemplate[]>(await this.ask('GET', '/api/v1/registry/vm')) ?? [];
    return Promise.all(
      templates.map(async ({ id }) =>
        withTags(await this.ask('GET', `/api/v1/registry/vm?id=${encodeURIComponent(id)}`)),
      ),
    );
  }

  async request(order: { vmid: string; tag?: string; name?: string; startup_script?: string }): Promise<string> {
    const condition = order.startup_script !== undefined && { startup_script_condition: 1 };
    const port_forwarding_override = [{ name: 'ssh', guest_port: String(SSH_PORT) }];
    const body = { ...order, count: 1, port_forwarding_override, ...condition };
    return idOf(await this.ask('POST', '/api/v1/vm', body));
  }

  async vm(id: string): Promise<McpInstance> {
    return instanceOf(await this.ask('GET', `/api/v1/vm?id=${encodeURIComponent(checkedId(id))}`));
  }

  /** Looks until the guest can be reached. */
  async ready(id: string): Promise<Endpoint> {
    return poll(`SSH of ${id}`, async () => readiness(await this.vm(id)));
  }

  async list(): Promise<McpInstance[]> {
    return readBody<{ instance_id: string; vm: McpInstance }[]>(await this.ask('GET', '/api/v1/vm')).map(
      ({ vm }) => vm,
    );
  }

  async terminate(id: string): Promise<void> {
    readBody(await this.ask('DELETE', '/api/v1/vm', { id: checkedId(id) }));
  }

  private ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<RawAnswer> {
    return this.wire.send({ method, path, headers: HEADERS, ...(body && { body: JSON.stringify(body) }) });
  }
}

/** `response.ok` first, then the status of the envelope. */
function readBody<T>({ code, text }: RawAnswer): T {
  let envelope: { status?: string; message?: string; body?: T } | undefined;
  try {
    envelope = JSON.parse(text) as typeof envelope;
  } catch {
    // The code decides.
  }
  if (code < 200 || code > 299) throw new Refused(code, envelope?.message || text);
  if (envelope?.status && envelope.status !== 'OK') throw new Refused(code, envelope.message || envelope.status);
  return envelope?.body as T;
}

function idOf(answer: RawAnswer): string {
  const id = readBody<string[] | undefined>(answer)?.[0];
  if (!id) throw new Error('Controller did not return an instance id');
  return checkedId(id);
}

function checkedId(id: string): string {
  if (!ID.test(id)) throw new Error(`${id} is no id`);
  return id;
}

function instanceOf(answer: RawAnswer): McpInstance {
  const instance = readBody<McpInstance | undefined>(answer);
  if (!instance) throw new Error('Instance not found');
  return instance;
}

/** Where SSH answers; undefined while it does not. Throws when it never will. */
function readiness(instance: McpInstance): Endpoint | undefined {
  const { instance_state: state = '', vminfo, message } = instance;
  if (FATAL.includes(state)) throw new Error(`The VM is ${state}: ${message ?? ''}`);
  if (PENDING.includes(state)) return undefined;
  if (state !== 'Started' || vminfo?.status !== 'running' || !vminfo.host_ip) return undefined;
  const rule = vminfo.port_forwarding?.find((one) => one.guest_port === SSH_PORT && one.host_port);
  return rule?.host_port ? { host: vminfo.host_ip, port: rule.host_port } : undefined;
}

function withTags(answer: RawAnswer): { id: string; name: string; tags: string[] } {
  const template = readBody<McpTemplate | undefined>(answer);
  if (!template) throw new Error('Template not found');
  const { id, name, versions = [] } = template;
  return { id: checkedId(id), name, tags: versions.map(({ tag }) => tag) };
}

/** Whether the client goes on: an instance that is not ready must be so in a way that it knows. */
function expectPending(answer: RawAnswer): void {
  const { instance_state: state } = instanceOf(answer);
  if (!PENDING.includes(state ?? '')) throw new Error(`${state} is not pending`);
}

export const mcpReads: Reads = {
  'started ids': idOf,
  'instance scheduling': expectPending,
  'instance pulling': expectPending,
  'instance started': (answer) => {
    if (readiness(instanceOf(answer)) === undefined) throw new Error('The VM never gets ready');
  },
  template: (answer) => {
    if (withTags(answer).tags.some((tag) => !tag)) throw new Error('A version has no tag');
  },
};
