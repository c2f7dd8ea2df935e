import type { Reads } from './parts/answers.js';
import { get, iterated } from './parts/python.js';
import { parsed } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** mgmtcl (anka.md §8.8): Python and requests; a code from 400 on raises before anybody reads the message. */

const HEADERS = {
  'User-Agent': 'python-requests/2.18.4',
  'Accept-Encoding': 'gzip, deflate',
  Accept: '*/*',
};

export class NotFoundException extends Error {}

export class Mgmtcl {
  constructor(private readonly wire: Wire) {}

  async list(): Promise<{ id: unknown; source_vm: unknown; instance_state: unknown; vnc_string: unknown }[]> {
    return readList(await this.ask('GET', 'api/v1/vm'));
  }

  async start(vmid: string, count: number, tag?: string, nodeId?: string): Promise<unknown> {
    const args = { vmid, count, ...(tag && { tag }), ...(nodeId && { node_id: nodeId }) };
    return readStarted(await this.ask('POST', 'api/v1/vm', args));
  }

  /** Of an instance, a node or a template. */
  async show(resource: 'vm' | 'node' | 'registry/vm', id: string): Promise<unknown> {
    return readShown(await this.ask('GET', `api/v1/${resource}?id=${id}`));
  }

  async nodes(): Promise<unknown> {
    return readShown(await this.ask('GET', 'api/v1/node'));
  }

  async templateIdOf(name: string): Promise<unknown> {
    const templates = iterated(readShown(await this.ask('GET', 'api/v1/registry/vm')), 'body');
    return get(
      templates.find((one) => get(one, 'name', 'template') === name),
      'id',
      'template',
    );
  }

  async terminate(id: string): Promise<boolean> {
    return get(parsedUnlessError(await this.ask('DELETE', 'api/v1/vm', { id })), 'status', 'answer') === 'OK';
  }

  private ask(method: 'GET' | 'POST' | 'DELETE', path: string, json?: object): Promise<RawAnswer> {
    const type = json && { 'Content-Type': 'application/json' };
    // requests joins base URL and path itself, and writes JSON with a space after each colon and comma.
    const body = json && JSON.stringify(json).replace(/(?<=["\d\]}])([:,])(?=["\d[{])/g, '$1 ');
    return this.wire.send({ method, path: `/${path}`, headers: { ...HEADERS, ...type }, ...(body && { body }) });
  }
}

/** `raise_for_status`, then the JSON. */
function parsedUnlessError({ code, text }: RawAnswer): unknown {
  if (code >= 400) throw new Error(`HTTPError: ${code} Client Error`);
  return parsed(text);
}

function readList(answer: RawAnswer) {
  const document = parsedUnlessError(answer);
  if (get(document, 'status', 'answer') !== 'OK') return [];
  return iterated(get(document, 'body', 'answer', []), 'body').map((one) => {
    const vm = get(one, 'vm', 'wrapper', {});
    return {
      id: get(one, 'instance_id', 'wrapper'),
      source_vm: get(vm, 'vmid', 'vm'),
      instance_state: get(vm, 'instance_state', 'vm'),
      vnc_string: get(get(vm, 'vminfo', 'vm', {}), 'vnc_connection_string', 'vminfo'),
    };
  });
}

function readStarted(answer: RawAnswer): unknown {
  const document = parsedUnlessError(answer);
  if (get(document, 'status', 'answer') === 'OK') return get(document, 'body', 'answer');
  if (get(document, 'message', 'answer') === 'VM not in the registry') throw new NotFoundException();
  return undefined;
}

function readShown(answer: RawAnswer): unknown {
  const document = parsedUnlessError(answer);
  if (get(document, 'status', 'answer') === 'OK') return get(document, 'body', 'answer');
  if (get(document, 'message', 'answer') === 'Not found') throw new NotFoundException();
  return {};
}

/** Throws unless the client knows that there is no such thing. */
function expectNotFound(answer: RawAnswer): void {
  try {
    readShown(answer);
  } catch (cause) {
    if (cause instanceof NotFoundException) return;
    throw cause;
  }
  throw new Error('mgmtcl shows an empty table');
}

export const mgmtclReads: Reads = {
  instances: readList,
  'no instances': readList,
  'unknown instance': expectNotFound,
  nodes: (answer) => iterated(readShown(answer), 'body'),
  templates: (answer) => iterated(readShown(answer), 'body').map((one) => get(one, 'name', 'template')),
};
