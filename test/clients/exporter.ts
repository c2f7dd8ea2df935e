import type { Reads } from './parts/answers.js';
import { float, list, rfc3339, struct, text, unsigned } from './parts/go.js';
import { type Decode, type Decoded, parsed, Refused, Rejected } from './parts/rejected.js';
import { bearerFor, type UserKey } from './parts/tap.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The Prometheus exporter (anka.md §8.4): Go, strict numbers, a new login whenever it reads the words `Authentication Required`. */

const ASKS_FOR_CREDENTIALS = 'Authentication Required';
const MAX_LOGINS = 2;
const INSTANCE_STATES = 'Scheduling Pulling Started Stopping Stopped Terminating Terminated Error Pushing'.split(' ');

const GROUP = struct({ id: text(), name: text(), description: text(), fallback_group_id: text() });
const NODE = struct({
  ...{ node_id: text(), node_name: text(), cpu_count: unsigned(), ram: unsigned(), vm_count: unsigned() },
  ...{ vcpu_count: unsigned(), vram: unsigned(), cpu_util: float(), ram_util: float(), free_disk_space: unsigned() },
  ...{ anka_disk_usage: unsigned(), disk_size: unsigned(), state: text(), capacity: unsigned() },
  ...{ host_arch: text(), groups: list(GROUP) },
});
const INSTANCE = struct({
  instance_id: text(),
  external_id: text(),
  name: text(),
  vm: struct({
    ...{ instance_state: text(), vmid: text(), group_id: text(), arch: text(), node_id: text(), external_id: text() },
    ...{ cr_time: rfc3339(), ts: rfc3339(), vminfo: struct({ ip: text() }) },
  }),
});
const TEMPLATE = struct({ id: text(), name: text(), size: unsigned(), arch: text() });
const VERSION = struct({ number: unsigned(), tag: text(), size: unsigned() });
const DISK = struct({ total: unsigned(), free: unsigned() });

/** One look at the controller: what the metrics are made of. */
export interface Scrape {
  readonly nodes: readonly Decoded<typeof NODE>[];
  readonly instances: ReadonlyMap<string, number>;
  readonly freeBytes: number;
  readonly tags: ReadonlyMap<string, number>;
}

export class Exporter {
  logins = 0;
  private bearer: string | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly key?: UserKey,
  ) {}

  async scrape(): Promise<Scrape> {
    const nodes = readNodes(await this.get('/api/v1/node'));
    const instances = readInstances(await this.get('/api/v1/vm'));
    const { free } = readDisk(await this.get('/api/v1/registry/disk'));
    const tags = new Map<string, number>();
    for (const { id } of readTemplates(await this.get('/api/v1/registry/vm'))) {
      tags.set(id, readVersions(await this.get(`/api/v1/registry/vm?id=${id}`)).length);
    }
    return { nodes, instances, freeBytes: free, tags };
  }

  /** Asks; with a key it logs in when it must, and asks again. */
  private async get(path: string): Promise<RawAnswer> {
    for (let logins = 0; ; logins++) {
      const headers = {
        ...{ 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' },
        ...(this.bearer !== undefined && { Authorization: `Bearer ${this.bearer}` }),
      };
      const answer = await this.wire.send({ method: 'GET', path, headers });
      if (this.key === undefined || logins === MAX_LOGINS || !asksForCredentials(answer)) return answer;
      this.bearer = await bearerFor(this.wire, this.key, 'go');
      this.logins++;
    }
  }
}

/** The code is of no interest; the words are. */
function asksForCredentials(answer: RawAnswer): boolean {
  const { status, message } = struct({ status: text(), message: text() })(parsed(answer.text), 'answer');
  return status !== 'OK' && message === ASKS_FOR_CREDENTIALS;
}

function readBody<T>(answer: RawAnswer, of: Decode<T>): T {
  const decoded = struct({ status: text(), message: text(), body: of })(parsed(answer.text), 'answer');
  if (decoded.status !== 'OK') throw new Refused(answer.code, decoded.message);
  return decoded.body;
}

/** The counters are in a map by architecture, and nobody looks whether there is one for it. */
function expectArch(arch: string, at: string, ...also: readonly string[]): void {
  if (!['amd64', 'arm64', ...also].includes(arch))
    throw new Rejected(at, `panic: assignment to entry in nil map "${arch}"`);
}

function readNodes(answer: RawAnswer): Decoded<typeof NODE>[] {
  const nodes = readBody(answer, list(NODE));
  for (const { node_id, host_arch, cpu_util, ram_util } of nodes) {
    expectArch(host_arch, `node ${node_id}`);
    for (const share of [cpu_util, ram_util])
      if (share < 0 || share > 1) throw new Error(`${node_id} is ${share} busy`);
  }
  return nodes;
}

/** How many there are in each state. */
function readInstances(answer: RawAnswer): Map<string, number> {
  const counts = new Map(INSTANCE_STATES.map((state) => [state, 0]));
  for (const { instance_id, vm } of readBody(answer, list(INSTANCE))) {
    expectArch(vm.arch, `instance ${instance_id}`, '');
    const count = counts.get(vm.instance_state);
    if (count === undefined) throw new Error(`The metrics have no state ${vm.instance_state}`);
    if (vm.cr_time === undefined || vm.ts === undefined) throw new Error(`${instance_id} is 2025 years old`);
    counts.set(vm.instance_state, count + 1);
  }
  return counts;
}

const readTemplates = (answer: RawAnswer) => readBody(answer, list(TEMPLATE));
const readVersions = (answer: RawAnswer) => readBody(answer, struct({ versions: list(VERSION) })).versions;
const readDisk = (answer: RawAnswer) => readBody(answer, DISK);

export const exporterReads: Reads = {
  'nodes in groups': readNodes,
  nodes: readNodes,
  instances: readInstances,
  'no instances': readInstances,
  templates: readTemplates,
  template: (answer) => {
    if (readVersions(answer).some(({ tag }) => tag === '')) throw new Error('A metric has an empty label');
  },
  disk: (answer) => {
    if (readDisk(answer).total === 0) throw new Error('The alert for a full registry fires');
  },
  'needs credentials': (answer) => {
    if (!asksForCredentials(answer)) throw new Error('It never logs in');
  },
};
