import type { Reads } from './parts/answers.js';
import { basic } from './parts/axios.js';
import { anything, first, integer, list, rfc3339, struct, text } from './parts/go.js';
import { poll } from './parts/poll.js';
import { type Decode, type Decoded, parsed, Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The Harness and Drone runner (anka.md §8.7): Go, always Basic, only codes above 299 are a failure, numbers of a start are texts. */

const MAX_CREATIONS = 3;

const RULE = struct({ guest_port: integer(), host_port: integer(), protocol: text(), rule_name: text() });
const VM_INFO = struct({
  ...{ uuid: text(), name: text(), cpu_cores: integer(), ram: text(), status: text(), node_id: text() },
  ...{ host_ip: text(), ip: text(), vnc_port: integer(), vnc_connection_string: text(), vnc_password: text() },
  ...{ creation_date: rfc3339(), stop_date: rfc3339(), version: text(), port_forwarding: list(RULE) },
});
const INSTANCE = struct({
  ...{ instance_id: text(), instance_state: text(), anka_registry: text(), vmid: text(), tag: text() },
  ...{ vminfo: VM_INFO, node_id: text(), ts: rfc3339(), cr_time: rfc3339(), arch: text(), vlan: text() },
});
const LISTED = struct({
  ...{ external_id: anything(), instance_id: text(), name: text() },
  vm: struct({
    ...{ instance_id: text(), instance_state: text(), anka_registry: text(), vmid: text(), inflight_reqid: text() },
    ...{ ts: rfc3339(), cr_time: rfc3339(), progress: integer(), name: text(), arch: text(), vlan: text() },
  }),
});
const STATUS = struct({
  ...{ status: text(), version: text(), registry_address: text(), registry_status: text(), license: text() },
});
export type HarnessInstance = Decoded<typeof INSTANCE>;

export interface HarnessOrder {
  readonly name: string;
  readonly vmid: string;
  readonly tag?: string;
  readonly startup_script: string;
  readonly count?: string;
  readonly priority?: string;
  readonly version?: string;
  readonly disk?: { readonly size?: string };
}

export class HarnessRunner {
  creations = 0;

  constructor(
    private readonly wire: Wire,
    private readonly token = 'a-root-token',
  ) {}

  async ping(): Promise<void> {
    readStatus(await this.ask('GET', '/api/v1/status'));
  }

  /** Starts instances, up to three one after the other, until one runs; returns it and its first forwarded port. */
  async create(order: HarnessOrder): Promise<{ instance: HarnessInstance; port: number }> {
    for (; this.creations < MAX_CREATIONS; this.creations++) {
      const answer = await this.post(order);
      if (answer === undefined) continue;
      const instance = await this.settled(answer);
      if (instance.instance_state === 'Started') return { instance, port: agentPortOf(instance) };
      await this.destroy(instance.instance_id);
    }
    throw new Error(`failed to create vm after ${MAX_CREATIONS} retries`);
  }

  async find(id: string): Promise<HarnessInstance> {
    return readInstance(await this.ask('GET', `/api/v1/vm?id=${id}`));
  }

  async list(): Promise<Decoded<typeof LISTED>[]> {
    return readList(await this.ask('GET', '/api/v1/vm'));
  }

  /** The body of the answer is of no interest. */
  async destroy(id: string): Promise<void> {
    readable(await this.ask('DELETE', '/api/v1/vm', JSON.stringify({ id })));
  }

  /** Undefined when the controller refuses; the runner then tries again. */
  private async post(order: HarnessOrder): Promise<string | undefined> {
    const monitored = { script_monitoring: true, script_timeout: 200, script_fail_handler: 2 };
    const body = JSON.stringify({ disk: {}, ...order, ...monitored });
    const answer = await this.ask('POST', '/api/v1/vm', body);
    return answer.code > 299 ? undefined : readId(answer);
  }

  private settled(id: string): Promise<HarnessInstance> {
    return poll(`instance ${id} settles`, async () => {
      const instance = await this.find(id);
      return ['Scheduling', 'Pulling'].includes(instance.instance_state) ? undefined : instance;
    });
  }

  private ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: string): Promise<RawAnswer> {
    const headers = {
      ...{ 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' },
      Authorization: basic('root', this.token),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    return this.wire.send({ method, path, headers, ...(body !== undefined && { body }) });
  }
}

function readable({ code, text: told }: RawAnswer): string {
  if (code > 299) throw new Refused(code, `client error ${code}: ${told}`);
  return told;
}

function readBody<T>(answer: RawAnswer, of: Decode<T>): T {
  return struct({ status: text(), message: text(), body: of })(parsed(readable(answer)), 'answer').body;
}

const readId = (answer: RawAnswer): string => first(readBody(answer, list(text())), 'body');
const readInstance = (answer: RawAnswer): HarnessInstance => readBody(answer, INSTANCE);
const readList = (answer: RawAnswer): Decoded<typeof LISTED>[] => readBody(answer, list(LISTED));

function readStatus(answer: RawAnswer): void {
  const { status, license, registry_address: address } = readBody(answer, STATUS);
  if (license === '') throw new Error('license is not set');
  if (address === '') throw new Error('registry address is not set');
  if (status !== 'Running') throw new Error('anka registry/controller is not running');
}

function agentPortOf({ vminfo }: HarnessInstance): number {
  const { host_port: port } = first(vminfo.port_forwarding, 'vminfo.port_forwarding');
  if (vminfo.host_ip === '' || port === 0) throw new Error('The agent of the instance has no address');
  return port;
}

function expectState(answer: RawAnswer, state: string): void {
  const seen = readInstance(answer).instance_state;
  if (seen !== state) throw new Error(`unexpected state ${seen}`);
}

export const harnessReads: Reads = {
  status: readStatus,
  'started ids': readId,
  'instance scheduling': (answer) => expectState(answer, 'Scheduling'),
  'instance pulling': (answer) => expectState(answer, 'Pulling'),
  'instance started': (answer) => agentPortOf(readInstance(answer)),
  'instance failed': (answer) => expectState(answer, 'Error'),
  instances: readList,
  'unknown template': (answer) => {
    // A code that counts as success leads to the first element of no list.
    if (answer.code <= 299) readId(answer);
  },
  mutation: readable,
};
