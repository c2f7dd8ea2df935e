import type { Reads } from './parts/answers.js';
import { anything, first, float, integer, list, pointer, rfc3339, struct, text, unsigned } from './parts/go.js';
import { poll } from './parts/poll.js';
import { type Decode, type Decoded, parsed, Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The old fork of gitlab-runner (anka.md §8.8): Go, a JSON content type on everything, seven attempts, the code is ignored. */

const MAX_ATTEMPTS = 7;
const TIMEOUT_MS = 5_000;

const RULE = struct({ guest_port: integer(), host_port: integer(), protocol: text(), name: text() });
const VM_INFO = struct({
  ...{ uuid: text(), name: text(), cpu_cores: integer(), ram: text(), status: text(), node_id: text() },
  ...{ host_ip: text(), ip: text(), image_id: text(), tag: text(), vnc_port: integer() },
  ...{ vnc_connection_string: text(), vnc_password: text(), port_forwarding: pointer(list(RULE)) },
});
const INSTANCE = struct({
  ...{ instance_state: text(), message: text(), anka_registry: text(), vmid: text(), tag: pointer(text()) },
  ...{ version: pointer(unsigned()), vminfo: pointer(VM_INFO), inflight_reqid: pointer(text()) },
  ...{ ts: rfc3339(), cr_time: rfc3339(), progress: float(), group_id: text() },
});
const GROUP = struct({ id: text(), name: text(), description: text(), fallback_group_id: text() });
const NODE = struct({
  ...{ node_id: text(), node_name: text(), ip_address: text(), cpu_count: unsigned(), ram: unsigned() },
  ...{ vm_count: unsigned(), vcpu_count: unsigned(), vram: unsigned(), cpu_util: float(), ram_util: float() },
  ...{ free_disk_space: unsigned(), anka_disk_usage: unsigned(), disk_size: unsigned(), state: text() },
  ...{ capacity: unsigned(), groups: list(GROUP) },
});
const LISTED = struct({ instance_id: text(), vm: INSTANCE });
const TEMPLATE = struct({ id: text(), name: text() });
export type LegacyInstance = Decoded<typeof INSTANCE>;

export interface LegacyOrder {
  readonly vmid: string;
  readonly tag?: string;
  readonly count?: number;
  readonly node_id?: string;
  readonly name_template?: string;
  readonly name?: string;
  readonly external_id?: string;
}

export class LegacyRunner {
  constructor(private readonly wire: Wire) {}

  async templateIdOf(name: string): Promise<string | undefined> {
    const templates = readTemplates(await this.ask('GET', '/api/v1/registry/vm'));
    return templates.find((template) => template.name === name)?.id;
  }

  async start(order: LegacyOrder): Promise<string> {
    return readId(await this.ask('POST', '/api/v1/vm', order));
  }

  /** Waits for the instance, then asks its node for the address. */
  async connect(id: string): Promise<{ host: string; port: number }> {
    const instance = await poll(`instance ${id} runs`, async () => settled(await this.vm(id)));
    const { nodeId, port } = addressOf(instance);
    return { host: readNode(await this.ask('GET', `/api/v1/node?id=${nodeId}`)).ip_address, port };
  }

  async vm(id: string): Promise<LegacyInstance> {
    return readInstance(await this.ask('GET', `/api/v1/vm?id=${id}`));
  }

  async vms(): Promise<Decoded<typeof LISTED>[]> {
    return readList(await this.ask('GET', '/api/v1/vm'));
  }

  /** The status of the envelope; an unknown instance is no error. */
  async terminate(id: string): Promise<string> {
    const answer = await this.ask('DELETE', '/api/v1/vm', { id });
    return struct({ status: text(), message: text(), body: anything() })(parsed(answer.text), 'answer').status;
  }

  private async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<RawAnswer> {
    const headers = {
      ...{ 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip', 'Content-Type': 'application/json' },
    };
    const sent = body === undefined ? {} : { body: `${JSON.stringify(body)}\n` };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.wire.send({ method, path, headers, ...sent, timeoutMs: TIMEOUT_MS });
      } catch (cause) {
        if (attempt === MAX_ATTEMPTS) throw cause;
      }
    }
  }
}

/** The document is decoded whatever the code says; then its status counts. */
function readBody<T>(answer: RawAnswer, of: Decode<T>): T {
  const document = parsed(answer.text);
  const { status, message } = struct({ status: text(), message: text() })(document, 'answer');
  if (status !== 'OK') throw new Refused(answer.code, message);
  return struct({ body: of })(document, 'answer').body;
}

const readTemplates = (answer: RawAnswer) => readBody(answer, list(TEMPLATE));
const readId = (answer: RawAnswer): string => first(readBody(answer, list(text())), 'body');
const readInstance = (answer: RawAnswer): LegacyInstance => readBody(answer, INSTANCE);
const readList = (answer: RawAnswer): Decoded<typeof LISTED>[] => readBody(answer, list(LISTED));
const readNode = (answer: RawAnswer): Decoded<typeof NODE> => first(readBody(answer, list(NODE)), 'body');

/** Undefined while it is still on its way. */
function settled(instance: LegacyInstance): LegacyInstance | undefined {
  const { instance_state: state, message } = instance;
  if (state === 'Scheduling' || state === 'Pulling') return undefined;
  if (state !== 'Started') throw new Error(`instance is ${state}: ${message}`);
  return instance;
}

function addressOf({ vminfo }: LegacyInstance): { nodeId: string; port: number } {
  const port = vminfo?.port_forwarding?.find((rule) => rule.guest_port === 22)?.host_port;
  if (vminfo === undefined || vminfo.node_id === '' || port === undefined) throw new Error('VM has no SSH port');
  return { nodeId: vminfo.node_id, port };
}

export const legacyReads: Reads = {
  templates: readTemplates,
  'started ids': readId,
  'instance scheduling': (answer) => settled(readInstance(answer)),
  'instance pulling': (answer) => settled(readInstance(answer)),
  'instance started': (answer) => addressOf(readInstance(answer)),
  'instance failed': readInstance,
  instances: readList,
  'nodes in groups': readNode,
  nodes: readNode,
  groups: (answer) => readBody(answer, list(GROUP)),
};
