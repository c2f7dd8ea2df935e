import { instance, push, SCRIPT_OK, seatOf, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, type Verb } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let call: AnkaClient['call'];
let vm: string;
beforeEach(async () => {
  client = await AnkaClient.open();
  house = client.house;
  call = client.call.bind(client);
  vm = await client.started();
  await client.run(vm);
});
afterEach(() => client.close());

const LAYER = { digest: `sha256:${'c'.repeat(64)}`, sizeBytes: 5 };
const save = (body: object = {}) => call('POST', 'image', { id: vm, target_vm_id: TEMPLATE_ID, tag: 'v2', ...body });
const saved = async (body: object = {}): Promise<string> =>
  ((await save(body)).body as { request_id: string }).request_id;
const shown = async (id: string): Promise<object> => (await call('GET', `image?id=${id}`)).body;
const stateOf = async (id: string) =>
  ((await call('GET', `vm?id=${id}`)).body as { instance_state: string } | undefined)?.instance_state;
const asNode = (requestId: string) => ({ ...seatOf(house, vm), requestId });

describe('POST image', () => {
  it('holds the instance, and is shown in the words of the vendor', async () => {
    const script = 'c3luYyAmJiBzbGVlcCA2MA==';
    const id = await saved({ description: 'warm', script, revert_before_push: true, revert_tag: 'v2' });
    expect(await stateOf(vm)).toBe('Pushing');
    const held = house.cluster.saves.get(id as never)?.order.script;
    expect(house.blobs.blobs.get(held?.digest ?? '')?.toString()).toBe('sync && sleep 60');
    const row = {
      id,
      status: 'pending',
      error: null,
      script_result: null,
      request: {
        RequestId: id,
        Priority: 1000,
        Timestamp: Math.floor(house.clock.now() / 1000),
        ReserveExpiryTimestamp: 0,
        RegistryAddr: 'http://localhost:80',
        VMID: instance().uuid,
        InstanceID: vm,
        NodeID: 'mac-01',
        TemplateID: TEMPLATE_ID,
        NewTemplateName: '',
        Tag: 'v2',
        Description: 'warm',
        Suspend: true,
        Script: held?.digest,
        DoSuspendTest: false,
        RevertBeforePush: true,
        RevertTag: 'v2',
        CancelOnScriptFailure: false,
      },
    };
    expect(await shown(id)).toEqual({ ...row, request: { ...row.request, RegistryAddr: expect.any(String) } });
    expect((await call('GET', 'image')).body).toHaveLength(1);
  });

  it('ends with a new tag of several layers, and without the instance', async () => {
    const id = await saved();
    await house.tell({ type: 'ReportImageSaved', ...asNode(id), disk: LAYER, scriptResult: SCRIPT_OK });
    expect(await shown(id)).toMatchObject({
      status: 'done',
      error: null,
      script_result: { return_code: 0, did_timeout: false, stdout: 'ready\n', stderr: '', errors: null },
    });
    const template = (await call('GET', `registry/vm?id=${TEMPLATE_ID}`)).body as { size: number; versions: object[] };
    expect(template.versions[1]).toMatchObject({
      tag: 'v2',
      number: 1,
      images: [`sha256:${'a'.repeat(64)}`, LAYER.digest],
      size: 20 * 1024 ** 3 + 5,
    });
    expect(template.size).toBe(20 * 1024 ** 3 + 5);
    await house.tell({ type: 'ReportVMTerminated', ...seatOf(house, vm) });
    await house.tell({ type: 'RunTimers' });
    expect(await call('GET', `vm?id=${vm}`)).toMatchObject({ code: 200, status: 'FAIL', message: 'Not found' });
  });

  it('that fails leaves the instance running, and says why', async () => {
    const id = await saved();
    await house.tell({ type: 'ReportImageSaveFailed', ...asNode(id), error: 'Script execution failed' });
    expect(await shown(id)).toMatchObject({ status: 'error', error: { Code: 0, Message: 'Script execution failed' } });
    expect(await stateOf(vm)).toBe('Started');
  });

  it('makes a template of a name', async () => {
    const id = await saved({ target_vm_id: '', new_template_name: 'fresh' });
    expect(await shown(id)).toMatchObject({ request: { NewTemplateName: 'fresh' } });
    await house.tell({ type: 'ReportImageSaved', ...asNode(id), disk: LAYER });
    expect((await call('GET', 'registry/vm?apiVer=v1')).body).toContainEqual({ id: expect.any(String), name: 'fresh' });
  });

  it('is one request under one idempotency key', async () => {
    const body = { id: vm, target_vm_id: TEMPLATE_ID, tag: 'v2' };
    const key = { 'idempotency-key': 'once' };
    const first = await call('POST', 'image', body, key);
    expect((await call('POST', 'image', body, key)).text).toBe(first.text);
  });

  it.each<[object, number, string]>([
    [{ id: 'nope' }, 400, 'Not found'],
    [{ target_vm_id: 'nope' }, 400, 'VM not in the registry'],
    [{ tag: 'v1' }, 400, 'Tag v1 exists already'],
    [{ tag: '' }, 400, 'tag must be a string of 1 to 4096 characters'],
    [{ target_vm_id: null }, 400, 'target_vm_id or new_template_name must be given'],
    [{ new_template_name: 'x' }, 400, 'target_vm_id and new_template_name must not be given together'],
    [{ script: 'c3lu*A==' }, 400, 'illegal base64 data at input byte 4'],
    [{ script: 'c3luYyA' }, 400, 'illegal base64 data at input byte 4'],
  ])('%j is refused, and changes nothing: %i %s', async (body, code, message) => {
    expect(await save(body)).toMatchObject({ code, status: 'FAIL', message });
    expect(await stateOf(vm)).toBe('Started');
    expect(house.blobs.blobs.size).toBe(0);
  });

  it('is refused for an instance that is being saved, and so is its restart', async () => {
    await saved();
    const message = 'Unexpected VM state: "pushing"';
    expect(await save({ tag: 'v3' })).toMatchObject({ code: 400, message });
    expect(await call('POST', 'rpc/vm/restart', { instance_id: vm })).toMatchObject({ code: 400, message });
  });

  it('ends when the instance is ended', async () => {
    const id = await saved();
    await call('DELETE', 'vm', { id: vm });
    expect(await shown(id)).toMatchObject({ status: 'error', error: { Message: 'instance was terminated' } });
  });
});

it('GET image knows no request that is not there, and has an empty list without any', async () => {
  expect(await call('GET', 'image?id=nope')).toMatchObject({ code: 200, status: 'FAIL', message: 'Not found' });
  expect((await call('GET', 'image')).text).toBe('{"status":"OK","message":"","body":[]}\n');
});

describe('DELETE registry/revert', () => {
  beforeEach(async () => {
    await house.tell(push('v2', 'b'));
    await house.tell(push('v3', 'c'));
  });
  const tags = async () => {
    const { body } = await call('GET', `registry/vm?id=${TEMPLATE_ID}`);
    return (body as { versions: { tag: string }[] } | undefined)?.versions.map(({ tag }) => tag);
  };

  it.each<[string, object | undefined, string[] | undefined]>([
    ['', undefined, ['v1', 'v2']],
    ['&tag=v2', undefined, ['v1']],
    ['&version=1', undefined, ['v1']],
    ['&number=1', undefined, ['v1']],
    ['', { tag: 'v2' }, ['v1']],
    ['', { version: '0' }, undefined],
    ['&tag=v3', { tag: 'v1' }, ['v1', 'v2']],
  ])('%s %j leaves %j', async (query, body, left) => {
    const answer = await call('DELETE', `registry/revert?id=${TEMPLATE_ID}${query}`, body);
    expect(answer.text).toBe('{"status":"OK","message":"","body":null}\n');
    expect(await tags()).toEqual(left);
  });

  it.each<[Verb, string, number, string]>([
    ['DELETE', 'registry/revert', 400, 'id must be given'],
    ['DELETE', 'registry/revert?id=nope', 200, 'Not found'],
    ['DELETE', `registry/revert?id=${TEMPLATE_ID}&tag=v9`, 200, 'No such tag v9'],
    ['DELETE', `registry/revert?id=${TEMPLATE_ID}&version=9`, 400, 'No such version 9'],
  ])('%s %s: %i %s', async (method, path, code, message) => {
    expect(await call(method, path)).toMatchObject({ code, status: 'FAIL', message });
    expect(await tags()).toEqual(['v1', 'v2', 'v3']);
  });
});
