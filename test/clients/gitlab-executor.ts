import { IN_THE_LIST, type Reads } from './parts/answers.js';
import { dereferenced, first, float, integer, list, pointer, struct, text } from './parts/go.js';
import { poll } from './parts/poll.js';
import { type Decode, type Decoded, parsed, Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The GitLab custom executor (anka.md §8.3): Go, no content type on POST, the envelope is read before the HTTP code. */

const HEADERS = { 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' };
const LIVE = ['Started', 'Scheduling', 'Pulling'];
export const GITLAB_TIMEOUT_MS = 10_000;

const RULE = struct({ guest_port: integer(), host_port: integer(), protocol: text() });
const INSTANCE = struct({
  instance_state: text(),
  instance_id: text(),
  external_id: text(),
  vminfo: pointer(struct({ port_forwarding: list(RULE) })),
  node_id: text(),
  progress: float(),
});
const WRAPPER = struct({ instance_id: text(), external_id: text(), vm: pointer(INSTANCE) });
const TEMPLATE = struct({ id: text(), name: text(), size: integer(), arch: text() });
const NODE = struct({ node_id: text(), node_name: text(), ip_address: text() });
type GitlabInstance = Decoded<typeof INSTANCE>;

/** What the runner's variables ask for; all but the template are left out when they are not set. */
export interface GitlabJob {
  readonly vmid: string;
  readonly external_id: string;
  readonly tag?: string;
  readonly node_id?: string;
  readonly priority?: number;
  readonly group_id?: string;
  readonly vcpu?: number;
  readonly vram?: number;
  /** Other than the executor's own. */
  readonly startup_script?: string;
}

export class GitlabExecutor {
  constructor(
    private readonly wire: Wire,
    private readonly customHeaders: Readonly<Record<string, string>> = {},
  ) {}

  async templateIdOf(name: string): Promise<string> {
    const templates = readTemplates(await this.get('/api/v1/registry/vm?apiVer=v1'));
    const found = templates.find((template) => template.name === name);
    if (found === undefined) throw new Error(`template "${name}" not found`);
    return found.id;
  }

  async create(job: GitlabJob, timeoutMs = GITLAB_TIMEOUT_MS): Promise<string> {
    const script = { startup_script: Buffer.from('sleep 5').toString('base64') };
    const monitored = { script_monitoring: true, script_timeout: 300, startup_script_condition: 0 };
    const body = `${JSON.stringify({ ...script, ...job, ...monitored })}\n`;
    return readIds(
      await this.wire.send({ method: 'POST', path: '/api/v1/vm', headers: this.headers, body, timeoutMs }),
    );
  }

  /** The prepare stage after the start: looks until the instance runs; tells every state and progress that it saw. */
  async prepared(id: string, saw: (state: string, progress: number) => void = () => undefined): Promise<void> {
    await poll(`instance ${id} is prepared`, async () => {
      const { instance_state: state, progress } = await this.instance(id);
      saw(state, progress);
      if (!LIVE.includes(state)) throw new Error(`instance ${id} is in an unexpected state: ${state}`);
      return state === 'Started' ? true : undefined;
    });
  }

  async instance(id: string): Promise<GitlabInstance> {
    return readInstance(await this.get(`/api/v1/vm?id=${id}`));
  }

  /** The run and cleanup stages look for the job's instance by its external id, and prefer one that lives. */
  async instanceOf(externalId: string): Promise<GitlabInstance> {
    const all = readInstances(await this.get('/api/v1/vm')).filter((one) => one.external_id === externalId);
    const found = all.find((one) => LIVE.includes(one.instance_state));
    if (found !== undefined) return found;
    const states = all.map((one) => one.instance_state).join(', ');
    throw new Error(`instance with external id ${externalId} not found${states && ` (${states})`}`);
  }

  /** Where the run stage connects to. */
  async sshAddressOf(instance: GitlabInstance): Promise<{ host: string; port: number }> {
    const port = sshPortOf(instance);
    return { host: readNode(await this.get(`/api/v1/node?id=${instance.node_id}`)), port };
  }

  async terminate(id: string): Promise<void> {
    const headers = { ...this.headers, 'Content-Type': 'application/json' };
    const body = `${JSON.stringify({ id })}\n`;
    const answer = await this.wire.send({ method: 'DELETE', path: '/api/v1/vm', headers, body });
    readBody(answer, struct({}));
  }

  private get(path: string): Promise<RawAnswer> {
    return this.wire.send({ method: 'GET', path, headers: this.headers, timeoutMs: GITLAB_TIMEOUT_MS });
  }

  private get headers(): Record<string, string> {
    return { ...HEADERS, ...this.customHeaders };
  }
}

/** Status and code must both be good; the message is what the job log shows. */
function readBody<T>(answer: RawAnswer, of: Decode<T>): T {
  const document = parsed(answer.text);
  const { status, message } = struct({ status: text(), message: text() })(document, 'answer');
  if (status !== 'OK' || answer.code !== 200) {
    throw new Refused(answer.code, `status code: ${answer.code}, error: ${message}`);
  }
  return struct({ body: of })(document, 'answer').body;
}

const readTemplates = (answer: RawAnswer) => readBody(answer, list(TEMPLATE));
const readIds = (answer: RawAnswer): string => first(readBody(answer, list(text())), 'body');
const readInstance = (answer: RawAnswer): GitlabInstance => readBody(answer, INSTANCE);
const readInstances = (answer: RawAnswer): GitlabInstance[] =>
  readBody(answer, list(WRAPPER)).map(({ vm }, index) => dereferenced(vm, `body[${index}].vm`));

function readNode(answer: RawAnswer): string {
  const node = readBody(answer, list(NODE))[0];
  if (node === undefined || node.ip_address === '') throw new Error('node not found');
  return node.ip_address;
}

function sshPortOf({ vminfo }: GitlabInstance): number {
  if (vminfo === undefined) throw new Error('instance has no VM');
  const rule = vminfo.port_forwarding.find((one) => one.guest_port === 22 && one.protocol === 'tcp');
  if (rule === undefined) throw new Error('could not find ssh port forwarded for vm');
  return rule.host_port;
}

function expectState(instance: GitlabInstance, ...states: readonly string[]): void {
  if (!states.includes(instance.instance_state)) throw new Error(`unexpected state: ${instance.instance_state}`);
}

export const gitlabReads: Reads = {
  'template names': readTemplates,
  'started ids': readIds,
  'instance scheduling': (answer) => expectState(readInstance(answer), 'Scheduling'),
  'instance pulling': (answer) => expectState(readInstance(answer), 'Pulling'),
  'instance started': (answer) => sshPortOf(readInstance(answer)),
  'instance failed': (answer) => expectState(readInstance(answer), 'Error'),
  instances: (answer) => {
    const found = readInstances(answer).some((one) => one.external_id === IN_THE_LIST.externalId);
    if (!found) throw new Error('The run stage finds no instance');
  },
  nodes: readNode,
};
