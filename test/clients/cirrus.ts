import type { Reads } from './parts/answers.js';
import { JsonObject } from './parts/orgjson.js';
import { poll } from './parts/poll.js';
import { Rejected, Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The SDK of Cirrus CI (anka.md §8.8): Kotlin, Apache HttpClient, org.json; any code but 200 is a null that it then dereferences. */

const HEADERS = {
  Connection: 'Keep-Alive',
  'User-Agent': 'Apache-HttpClient/4.5.12 (Java/11.0.7)',
  'Accept-Encoding': 'gzip,deflate',
};

export interface CirrusInstance {
  readonly id: string;
  readonly state: string;
  readonly templateId: string;
  readonly info?: {
    readonly name: string;
    readonly ip: string;
    readonly hostIp: string;
    readonly nodeId: string;
    readonly forwards: readonly { readonly guest: number; readonly host: number }[];
  };
}

export class CirrusSdk {
  constructor(private readonly wire: Wire) {}

  async templates(): Promise<{ id: string; name: string }[]> {
    return readTemplates(await this.ask('GET', '/api/v1/registry/vm'));
  }

  async tags(templateId: string): Promise<string[]> {
    return readTags(await this.ask('GET', `/api/v1/registry/vm?id=${templateId}`));
  }

  async nodes(): Promise<{ ipAddress: string; vmCount: number; capacity: number }[]> {
    return readNodes(await this.ask('GET', '/api/v1/node'));
  }

  async start(order: { vmid: string; tag?: string; name_template?: string; startup_script?: string }): Promise<string> {
    return readId(await this.ask('POST', '/api/v1/vm', order));
  }

  /** Undefined when the envelope says no. */
  async show(id: string): Promise<CirrusInstance | undefined> {
    return readInstance(await this.ask('GET', `/api/v1/vm?id=${id}`));
  }

  async list(): Promise<CirrusInstance[]> {
    return readList(await this.ask('GET', '/api/v1/vm'));
  }

  /** Looks until the VM is up and has an address. */
  running(id: string): Promise<CirrusInstance> {
    return poll(`${id} runs`, async () => {
      const instance = await this.show(id);
      return instance?.state === 'Started' && instance.info?.hostIp !== '' ? instance : undefined;
    });
  }

  async terminate(id: string): Promise<boolean> {
    return documentOf(await this.ask('DELETE', '/api/v1/vm', { id })).strictText('status') === 'OK';
  }

  private ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<RawAnswer> {
    const type = body && { 'content-type': 'application/json' };
    return this.wire.send({
      method,
      path,
      headers: { ...HEADERS, ...type },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

function documentOf({ code, text }: RawAnswer): JsonObject {
  if (code !== 200) throw new Rejected('answer', `NullPointerException (code ${code})`);
  return JsonObject.parse(text);
}

/** The body of a success; undefined for a failure. */
function okOf(answer: RawAnswer): JsonObject | undefined {
  const document = documentOf(answer);
  return document.strictText('status') === 'OK' ? document : undefined;
}

function readTemplates(answer: RawAnswer): { id: string; name: string }[] {
  const templates = okOf(answer)?.objects('body') ?? [];
  return templates.map((one) => ({ id: one.strictText('id'), name: one.strictText('name') }));
}

function readTags(answer: RawAnswer): string[] {
  const versions = okOf(answer)?.object('body').objects('versions') ?? [];
  return versions.map((one) => one.strictText('tag'));
}

function readNodes(answer: RawAnswer) {
  return (okOf(answer)?.objects('body') ?? []).map((one) => ({
    nodeId: one.strictText('node_id'),
    state: one.strictText('state'),
    ipAddress: one.strictText('ip_address'),
    vmCount: one.strictInteger('vm_count'),
    capacity: one.strictInteger('capacity'),
  }));
}

function readId(answer: RawAnswer): string {
  const document = documentOf(answer);
  const ids = document.strictText('status') === 'OK' ? document.array('body') : [];
  if (typeof ids[0] !== 'string') throw new Refused(answer.code, `Failed to create a VM! ${answer.text}`);
  return ids[0];
}

function readInstance(answer: RawAnswer): CirrusInstance | undefined {
  const body = okOf(answer)?.object('body');
  return body && instanceOf(body.strictText('instance_id'), body);
}

function readList(answer: RawAnswer): CirrusInstance[] {
  const wrappers = okOf(answer)?.objects('body') ?? [];
  return wrappers.map((one) => instanceOf(one.strictText('instance_id'), one.object('vm')));
}

function instanceOf(id: string, vm: JsonObject): CirrusInstance {
  const info = vm.has('vminfo') && infoOf(vm.object('vminfo'));
  const state = vm.strictText('instance_state');
  return { id, state, templateId: vm.strictText('vmid'), ...(info && { info }) };
}

function infoOf(info: JsonObject): NonNullable<CirrusInstance['info']> {
  const rules = info.isNull('port_forwarding') ? [] : info.objects('port_forwarding');
  for (const key of ['uuid', 'status']) info.strictText(key);
  return {
    name: info.strictText('name'),
    ip: info.strictText('ip'),
    hostIp: info.strictText('host_ip'),
    nodeId: info.strictText('node_id'),
    forwards: rules.map((rule) => ({ guest: rule.strictInteger('guest_port'), host: rule.strictInteger('host_port') })),
  };
}

export const cirrusReads: Reads = {
  templates: readTemplates,
  template: readTags,
  nodes: readNodes,
  'started ids': readId,
  'instance scheduling': readInstance,
  'instance pulling': readInstance,
  'instance started': readInstance,
  'instance failed': readInstance,
  instances: readList,
  'no instances': readList,
  'unknown instance': readInstance,
};
