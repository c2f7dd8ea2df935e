import { TEMPLATE_ID } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, idsOf, type Verb } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let call: AnkaClient['call'];
let start: AnkaClient['start'];
let run: AnkaClient['run'];
beforeEach(async () => {
  client = await AnkaClient.open();
  house = client.house;
  call = client.call.bind(client);
  start = client.start.bind(client);
  run = client.run.bind(client);
});
afterEach(() => client.close());

describe('every answer', () => {
  it.each<[Verb, string, object | undefined]>([
    ['GET', 'status', undefined],
    ['GET', 'vm', undefined],
    ['GET', 'vm?id=nope', undefined],
    ['POST', 'vm', { vmid: TEMPLATE_ID }],
    ['POST', 'vm', {}],
    ['DELETE', 'vm', { id: 'nope' }],
    ['GET', 'node', undefined],
    ['POST', 'node/config', { node_id: 'mac-01', drain_mode: true }],
    ['GET', 'registry/vm', undefined],
  ])('of %s %s is JSON without charset, not to be stored, and ends with one newline', async (method, path, body) => {
    const { headers, text } = await call(method, path, body);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toMatch(/[^\n]\n$/);
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  });

  it('of a change has no body key', async () => {
    const [id = ''] = idsOf(await start());
    await run(id);
    const changes: [Verb, string, object?][] = [
      ['PUT', `vm?id=${id}`, { name: 'x' }],
      ['POST', 'rpc/vm/restart', { instance_id: id }],
      ['DELETE', 'vm', { id }],
      ['POST', 'node/config', { node_id: 'mac-01' }],
      ['DELETE', 'node', { node_id: 'mac-01' }],
      ['DELETE', `registry/vm?id=${TEMPLATE_ID}`],
    ];
    for (const [method, path, body] of changes) {
      expect((await call(method, path, body)).text).toBe('{"status":"OK","message":""}\n');
    }
  });

  it('that is an empty list is [], never null', async () => {
    await house.tell({ type: 'DeleteNode', nodeId: 'mac-01' });
    await house.tell({ type: 'DeleteRegistryVm', templateId: TEMPLATE_ID });
    for (const path of ['vm', 'node', 'registry/vm', 'registry/vm?apiVer=v1', 'group', 'registry/vm/distribute']) {
      expect((await call('GET', path)).text).toBe('{"status":"OK","message":"","body":[]}\n');
    }
  });

  it('to an unknown route is plain text', async () => {
    const answer = await client.app.inject({ method: 'GET', url: '/api/v1/nothing' });
    expect([answer.statusCode, answer.payload]).toEqual([404, '404 page not found\n']);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    const wrongVerb = await client.app.inject({ method: 'PATCH', url: '/api/v1/vm' });
    expect([wrongVerb.statusCode, wrongVerb.payload]).toEqual([404, '404 page not found\n']);
  });
});

describe('a path that is written otherwise', () => {
  it('leads to the same route, whose failures are worded as ever', async () => {
    const answer = await client.app.inject({ method: 'GET', url: '/%61pi/v1/vm?id=nope' });
    expect([answer.statusCode, answer.payload]).toEqual([200, '{"status":"FAIL","message":"Not found"}\n']);
  });
});

describe('GET status', () => {
  it('says Running, with a version, a licence and our own address as the registry', async () => {
    expect((await call('GET', 'status', undefined, { host: 'ctl.example:8090' })).body).toEqual({
      status: 'Running',
      version: expect.stringMatching(/^1\.50\.1-[0-9a-f]{8}$/),
      registry_address: 'http://ctl.example:8090',
      registry_status: 'Running',
      license: 'enterprise plus',
    });
  });
});

describe('what is not there', () => {
  it.each<[Verb, string, object | undefined]>([
    ['GET', 'vm?id=nope', undefined],
    ['PUT', 'vm?id=nope', { name: 'x' }],
    ['DELETE', 'vm', { id: 'nope' }],
    ['POST', 'rpc/vm/restart', { instance_id: 'nope' }],
    ['GET', 'node?id=nope', undefined],
    ['POST', 'node/config', { node_id: 'nope' }],
    ['DELETE', 'node', { node_id: 'nope' }],
    ['GET', 'registry/vm?id=nope', undefined],
    ['DELETE', 'registry/vm?id=nope', undefined],
  ])('%s %s is 200 and FAIL, Not found', async (method, path, body) => {
    const answer = await call(method, path, body);
    expect([answer.code, answer.text]).toEqual([200, '{"status":"FAIL","message":"Not found"}\n']);
  });
});

describe('templates', () => {
  it('are ids and names with apiVer=v1, more without, and have versions alone', async () => {
    expect((await call('GET', 'registry/vm?apiVer=v1')).body).toEqual([{ id: TEMPLATE_ID, name: 'macos' }]);
    expect((await call('GET', 'registry/vm')).body).toEqual([
      expect.objectContaining({ id: TEMPLATE_ID, arch: 'arm64', size: 20 * 1024 ** 3 }),
    ]);
    expect((await call('GET', `registry/vm?apiVer=v1&id=${TEMPLATE_ID}`)).body).toMatchObject({
      id: TEMPLATE_ID,
      versions: [{ number: 0, tag: 'v1' }],
    });
  });

  it('are gone once deleted; their VMs stay listed', async () => {
    const [id = ''] = idsOf(await start());
    await call('DELETE', `registry/vm?id=${TEMPLATE_ID}`);
    expect(await call('GET', `registry/vm?id=${TEMPLATE_ID}`)).toMatchObject({ code: 200, message: 'Not found' });
    expect((await call('GET', 'vm')).body).toEqual([expect.objectContaining({ instance_id: id })]);
  });
});

describe('when a part is away', () => {
  it('the control plane: 503, and the same key later finds the outcome', async () => {
    house.pause();
    const key = { 'idempotency-key': 'job-1' };
    const waiting = start({}, key);
    await house.pass(60_000);
    const answer = await waiting;
    expect([answer.code, answer.status, answer.headers['retry-after']]).toEqual([503, 'FAIL', '2']);
    expect(answer.message).toContain('queued');
    house.resume();
    const again = await start({}, key);
    expect([again.code, idsOf(again).length, house.cluster.vms.size]).toEqual([200, 1, 1]);
  });

  it('NATS: 503 for changes, while reading goes on', async () => {
    house.nats.stop();
    const waiting = start();
    await house.pass(60_000);
    expect(await waiting).toMatchObject({
      code: 503,
      status: 'FAIL',
      message: expect.stringContaining('message server'),
    });
    expect(await call('GET', 'vm')).toMatchObject({ code: 200, body: [] });
    house.nats.start();
  });
});
