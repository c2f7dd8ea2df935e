import { JsonObject } from './parts/orgjson.js';
import { Rejected, Refused } from './parts/rejected.js';
import type { RawAnswer } from './parts/wire.js';

/**
 * How the Java SDK reads answers: org.json, a code from 400 on is final and its message is never read, and any other code than 200 is a
 * null.
 */

export interface JavaInstance {
  readonly id: string;
  readonly state: string;
  readonly templateId: string;
  readonly message?: string;
  readonly info?: JavaVmInfo;
}

export interface JavaVmInfo {
  readonly uuid: string;
  readonly status: string;
  readonly name: string;
  readonly ip: string;
  readonly hostIp: string;
  readonly forwards: readonly { readonly guest: number; readonly host: number; readonly name: string }[];
}

/** The document of an answer with the code 200. */
export function documentOf({ code, text }: RawAnswer): JsonObject {
  if (code === 401) throw new Refused(code, 'Authentication Required');
  if (code === 403) throw new Refused(code, 'Not authorized to perform this request');
  if (code >= 400) throw new Refused(code, `Bad Request (${code})`);
  if (code !== 200) throw new Rejected('answer', `NullPointerException (code ${code})`);
  return JsonObject.parse(text);
}

export const isOk = (answer: RawAnswer): boolean => documentOf(answer).strictText('status') === 'OK';

export function expectOk(answer: RawAnswer, otherwise: string): JsonObject {
  const document = documentOf(answer);
  if (document.lenientText('status', 'fail') === 'OK') return document;
  throw new Refused(answer.code, document.lenientText('message', otherwise));
}

export function readTemplates(answer: RawAnswer): { id: string; name: string }[] {
  if (!isOk(answer)) return [];
  return documentOf(answer)
    .objects('body')
    .map((one) => ({ id: one.strictText('id'), name: one.strictText('name') }));
}

export function readTags(answer: RawAnswer): string[] {
  if (!isOk(answer)) return [];
  return documentOf(answer)
    .object('body')
    .objects('versions')
    .map((one) => one.strictText('tag'));
}

export function readGroups(answer: RawAnswer): { id: string; name: string; description: string }[] {
  const document = documentOf(answer);
  if (document.strictText('status') !== 'OK') throw new Refused(answer.code, document.strictText('message'));
  return document.objects('body').map((one) => ({
    id: one.strictText('id'),
    name: one.strictText('name'),
    description: one.strictText('description'),
  }));
}

export function readStatus(answer: RawAnswer): { license: string } {
  const body = expectOk(answer, 'no status').object('body');
  for (const key of ['status', 'version', 'registry_address', 'registry_status']) body.strictText(key);
  return { license: body.strictText('license') };
}

/** The first id; undefined when the tag is what is missing, in which case there is another way. */
export function readStarted(answer: RawAnswer, tag?: string): string | undefined {
  const document = documentOf(answer);
  if (document.strictText('status') === 'OK') {
    const [id] = document.array('body');
    if (typeof id === 'string') return id;
  }
  const message = document.strictText('message');
  if (tag && message === `No such tag ${tag}`) return undefined;
  throw new Refused(answer.code, message);
}

export function readInstance(answer: RawAnswer): JavaInstance | undefined {
  if (!isOk(answer)) return undefined;
  const body = documentOf(answer).object('body');
  return instanceOf(body.strictText('instance_id'), body);
}

export function readList(answer: RawAnswer): JavaInstance[] {
  if (!isOk(answer)) return [];
  return documentOf(answer)
    .objects('body')
    .map((wrapper) => {
      const vm = wrapper.object('vm');
      vm.strictText('cr_time');
      return instanceOf(wrapper.strictText('instance_id'), vm);
    });
}

function instanceOf(id: string, vm: JsonObject): JavaInstance {
  const base = { id, state: vm.strictText('instance_state'), templateId: vm.strictText('vmid') };
  // TeamCity looks at these; null is a text for neither plugin.
  for (const key of ['external_id', 'name', 'group_id']) if (vm.has(key)) vm.strictText(key);
  return {
    ...base,
    ...(vm.has('message') && { message: vm.strictText('message') }),
    ...(vm.has('vminfo') && { info: infoOf(vm.object('vminfo')) }),
  };
}

function infoOf(info: JsonObject): JavaVmInfo {
  const rules = info.isNull('port_forwarding') ? [] : info.objects('port_forwarding');
  return {
    uuid: info.strictText('uuid'),
    status: info.strictText('status'),
    // Newer releases get over a missing name; older ones, still about, do not.
    name: info.strictText('name'),
    ip: info.lenientText('ip'),
    hostIp: info.lenientText('host_ip'),
    forwards: rules.map((rule) => ({
      guest: rule.strictInteger('guest_port'),
      host: rule.strictInteger('host_port'),
      name: rule.lenientText('name', rule.lenientText('rule_name')),
    })),
  };
}

export function readRequestId(answer: RawAnswer): string {
  const id = expectOk(answer, 'error saving image').lenientObject('body')?.lenientText('request_id') ?? '';
  if (id === '') throw new Rejected('body.request_id', 'there is no id of the request');
  return id;
}

/** `pending`, `done` or `error`, in whatever case. */
export function readImageStatus(answer: RawAnswer): string {
  const status = expectOk(answer, 'error saving image').object('body').strictText('status').toLowerCase();
  if (!['pending', 'done', 'error'].includes(status)) throw new Error(`Save image is ${status}`);
  return status;
}
