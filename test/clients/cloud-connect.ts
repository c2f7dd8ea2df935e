import type { Reads } from './parts/answers.js';
import { poll } from './parts/poll.js';
import { isObject, parsed, Refused, Rejected, shown } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The cloud-connect scripts of Macs on EC2 (anka.md §8.8): curl, whose -d is a form, and jq, which prints what it finds. */

const HEADERS = { 'User-Agent': 'curl/8.7.1', Accept: '*/*' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

export class CloudConnect {
  constructor(
    private readonly controller: Wire,
    private readonly registry: Wire = controller,
  ) {}

  /** Version as a number, and the registry that the node is told to use. */
  async status(): Promise<{ version: number; registry: string }> {
    return readStatus(await this.curl('GET', '/api/v1/status'));
  }

  async nodeIdOf(name: string): Promise<string> {
    return readNodeId(await this.curl('GET', '/api/v1/node'), name);
  }

  async drain(nodeId: string, drain_mode: boolean): Promise<void> {
    expectOk(await this.curl('POST', '/api/v1/node/config', { node_id: nodeId, drain_mode }));
  }

  /** Brings the template to the node; waits until the controller says that it is there. Tells what it saw. */
  async distribute(
    templateId: string,
    nodeId: string,
    saw: (progress: unknown) => void = () => undefined,
  ): Promise<void> {
    const body = { template_id: templateId, node_ids: [nodeId] };
    const requestId = readRequestId(await this.curl('POST', '/api/v1/registry/vm/distribute', body));
    await poll(`template ${templateId} is on ${nodeId}`, async () => {
      const part = readPart(await this.curl('GET', `/api/v1/registry/vm/distribute?id=${requestId}`), nodeId);
      saw(part.progress);
      if (part.error !== undefined) throw new Error(part.error);
      return part.status ? true : undefined;
    });
  }

  async deleteNode(nodeId: string): Promise<void> {
    expectOk(await this.curl('DELETE', '/api/v1/node', { node_id: nodeId }, 'application/json'));
  }

  /** Names and ids of the templates that fit the pattern, as the registry's own old list has them. */
  async templatesLike(pattern: RegExp): Promise<string[]> {
    const answer = await this.curlRegistry('GET', '/registry/vm');
    return readOldList(answer).filter((text) => pattern.test(text));
  }

  async log(machine_name: string, content: string): Promise<void> {
    const body = { machine_name, service: 'AWS Cloud Connect Service', host: '', content };
    expectOk(await this.curlRegistry('POST', '/log', body));
  }

  private curl(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, type?: string): Promise<RawAnswer> {
    return this.controller.send({ method, path, ...sent(body, type) });
  }

  private curlRegistry(method: 'GET' | 'POST', path: string, body?: object): Promise<RawAnswer> {
    return this.registry.send({ method, path, ...sent(body) });
  }
}

function sent(body: object | undefined, type?: string) {
  if (body === undefined) return { headers: HEADERS };
  const content = type === undefined ? FORM : { 'Content-Type': type };
  return { headers: { ...HEADERS, ...content }, body: JSON.stringify(body) };
}

/** `jq -r path`: null for what is missing; fails where a path leads through a text or a number. */
function jq(text: string, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((holder, key) => {
    if (holder === null) return null;
    if (!isObject(holder)) throw new Rejected(`.${path.join('.')}`, `Cannot index ${shown(holder)} with "${key}"`);
    return holder[key] ?? null;
  }, parsed(text));
}

function expectOk({ code, text }: RawAnswer): void {
  if (jq(text, 'status') === 'OK') return;
  const message = String(jq(text, 'message'));
  throw new Refused(code, message === 'Authentication Required' ? 'The controller needs credentials' : message);
}

function readStatus(answer: RawAnswer): { version: number; registry: string } {
  expectOk(answer);
  const registry = String(jq(answer.text, 'body', 'registry_address'));
  if (!/^https?:/.test(registry)) throw new Error(`The node is to join the registry ${registry}`);
  const version = Number(
    String(jq(answer.text, 'body', 'version'))
      .replace(/-.*$/, '')
      .replaceAll('.', ''),
  );
  if (Number.isNaN(version)) throw new Error('integer expression expected');
  return { version, registry };
}

/** `.body[] | select(.node_name == …) | .node_id`; nothing when there is none. */
function readNodeId(answer: RawAnswer, name: string): string {
  const nodes = jq(answer.text, 'body');
  if (!Array.isArray(nodes)) throw new Rejected('.body[]', `Cannot iterate over ${shown(nodes)}`);
  const found = nodes.find((one) => isObject(one) && one.node_name === name) as Record<string, unknown> | undefined;
  return typeof found?.node_id === 'string' ? found.node_id : '';
}

function readRequestId(answer: RawAnswer): string {
  expectOk(answer);
  const id = jq(answer.text, 'body', 'request_id');
  if (typeof id !== 'string' || id === '') throw new Error(`The request has the id ${shown(id)}`);
  return id;
}

/** What of the request concerns the node. It is there from the first look on, and says true or false. */
function readPart(answer: RawAnswer, nodeId: string): { status: boolean; progress: unknown; error?: string } {
  expectOk(answer);
  const part = jq(answer.text, 'body', 'distribute_status', nodeId);
  if (!isObject(part) || typeof part.status !== 'boolean') throw new Error(`The node is at ${shown(part)}`);
  const error = part.error ? { error: shown(part.error) } : {};
  return { status: part.status, progress: part.progress, ...error };
}

/** `.body[] | keys[]` and `.body[] | values[]`. */
function readOldList(answer: RawAnswer): string[] {
  const templates = jq(answer.text, 'body');
  if (!Array.isArray(templates)) throw new Rejected('.body[]', `Cannot iterate over ${shown(templates)}`);
  return templates.flatMap((one) => {
    if (!isObject(one)) throw new Rejected('.body[] | keys[]', `${shown(one)} has no keys`);
    return Object.entries(one).flatMap(([key, value]) => [key, String(value)]);
  });
}

export const cloudConnectReads: Reads = {
  status: readStatus,
  nodes: (answer) => {
    if (readNodeId(answer, 'mac-01.example') !== 'mac-01') throw new Error('It never undrains the node');
  },
  mutation: expectOk,
  'distribution begun': readRequestId,
  distribution: (answer) => {
    if (readPart(answer, 'mac-01').error !== undefined) throw new Error('It gives up');
  },
  'needs credentials': (answer) => {
    const message = jq(answer.text, 'message');
    if (message !== 'Authentication Required') throw new Error(`It does not know what to do about ${shown(message)}`);
  },
};
