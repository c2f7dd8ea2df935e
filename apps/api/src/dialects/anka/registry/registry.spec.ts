import { push, TEMPLATE_ID } from '../../../testing/fleet.contract.js';
import type { Verb } from '../anka-client.contract.js';
import { RegistryClient } from './registry-client.contract.js';

const GIB = 1024 ** 3;

let client: RegistryClient;
let call: RegistryClient['call'];
beforeEach(async () => {
  client = await RegistryClient.open();
  call = client.call.bind(client);
});
afterEach(() => client.close());

describe('the registry', () => {
  it('says that it runs, its version and its room', async () => {
    expect((await call('GET', 'registry/status')).body).toEqual({
      status: 'Running',
      version: expect.stringMatching(/^1\.50\.1-[0-9a-f]{8}$/),
    });
    expect((await call('GET', 'registry/disk')).body).toEqual({ free: 300 * GIB, total: 1000 * GIB });
  });

  it('lists templates as one-key objects in the old way, with sizes in the new one', async () => {
    expect((await call('GET', 'registry/vm')).body).toEqual([{ [TEMPLATE_ID]: 'macos' }]);
    expect((await call('GET', 'registry/v2/vm')).body).toEqual([
      { id: TEMPLATE_ID, name: 'macos', size: 20 * GIB, arch: 'arm64', last_pull: 0, last_push: expect.any(Number) },
    ]);
  });

  it.each(['registry/vm', 'registry/v2/vm'])('tells by %s?id= the versions of one, with their dates', async (path) => {
    expect((await call('GET', `${path}?id=${TEMPLATE_ID}`)).body).toMatchObject({
      id: TEMPLATE_ID,
      versions: [{ number: 0, tag: 'v1', config_file: `${TEMPLATE_ID}.yaml`, creation_date: expect.any(Number) }],
    });
  });

  it('tells how VMs of a version are made: the latest, or that of a tag or a number', async () => {
    await client.house.tell(push('v2', 'b', { memoryMiB: 2560, cpu: 6 }));
    const info = async (more = '') => (await call('GET', `registry/vm/info?id=${TEMPLATE_ID}${more}`)).body;
    expect(await info()).toMatchObject({ uuid: TEMPLATE_ID, name: 'macos', ram: '2560M', cpu: { cores: 6 } });
    const first = {
      ram: '8G',
      cpu: { cores: 4 },
      hard_drives: [{ file: `sha256:${'a'.repeat(64)}` }],
      network_cards: [
        { port_forwarding_rules: [{ rule_name: 'ssh', guest_port: 22, host_port: 0, host_ip: '', protocol: 'tcp' }] },
      ],
      state_file: '',
    };
    for (const meant of ['&tag=v1', '&version=0', '&number=0']) expect(await info(meant)).toMatchObject(first);
    for (const wrong of ['&tag=v9', '&version=9']) {
      expect(await call('GET', `registry/vm/info?id=${TEMPLATE_ID}${wrong}`)).toMatchObject({
        code: 200,
        status: 'FAIL',
        message: 'Not found',
      });
    }
    expect(await call('GET', `registry/vm/info?id=${TEMPLATE_ID}&version=one`)).toMatchObject({ code: 400 });
  });

  it('has another architecture when it is told so, and only one that there is', async () => {
    const arch = (id: string, text: string) => call('PUT', 'registry/vm/arch', { id, arch: text });
    expect((await arch(TEMPLATE_ID, 'amd64')).text).toBe('{"status":"OK","message":"","body":null}\n');
    expect((await call('GET', 'registry/v2/vm')).body).toMatchObject([{ id: TEMPLATE_ID, arch: 'amd64' }]);
    expect((await arch(TEMPLATE_ID, 'riscv')).code).toBe(400);
    expect(await arch('nope', 'amd64')).toMatchObject({ code: 200, message: 'Not found' });
  });

  it('goes with its only version', async () => {
    const answer = await call('DELETE', `registry/revert?id=${TEMPLATE_ID}&version=0`);
    expect(answer.text).toBe('{"status":"OK","message":"","body":null}\n');
    expect((await call('GET', 'registry/v2/vm')).body).toEqual([]);
  });

  it('deletes a template, and says so with a body of null', async () => {
    expect((await call('DELETE', `registry/vm?id=${TEMPLATE_ID}`)).text).toBe(
      '{"status":"OK","message":"","body":null}\n',
    );
    for (const path of ['registry/vm', 'registry/v2/vm'])
      expect((await call('GET', path)).text).toBe('{"status":"OK","message":"","body":[]}\n');
  });

  it.each<[Verb, string]>([
    ['GET', 'registry/vm?id=nope'],
    ['GET', 'registry/v2/vm?id=nope'],
    ['GET', 'registry/vm/info?id=nope'],
    ['DELETE', 'registry/vm?id=nope'],
  ])('answers %s %s with 200 and FAIL, Not found', async (method, path) => {
    const answer = await call(method, path);
    expect([answer.code, answer.text]).toEqual([200, '{"status":"FAIL","message":"Not found"}\n']);
  });

  it('answers with the headers of every Anka answer', async () => {
    const { headers } = await call('GET', 'registry/status');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  it('lives as soon as it answers, and names what it lacks to be ready', async () => {
    expect((await call('GET', 'livez')).code).toBe(200);
    const ready = await call('GET', 'readyz');
    expect([ready.code, ready.text]).toEqual([503, expect.stringContaining('"postgres"')]);
  });

  it('words a body that is no JSON as the dialect does', async () => {
    const answer = await fetch(`${client.url}/registry/vm?id=x`, { method: 'DELETE', body: '{"id":' });
    expect([answer.status, await answer.json()]).toEqual([400, { status: 'FAIL', message: 'The body must be JSON' }]);
  });
});

describe('the central logs', () => {
  const send = (body: object) => call('POST', 'log', body);
  const files = () => client.house.centralLog.files;

  it('take lines from any service, under its name', async () => {
    const entry = { machine_name: 'mac-01', service: 'agent', host: '10.0.0.1', content: 'started\nready\n' };
    expect((await send(entry)).text).toBe('{"status":"OK","message":"","body":null}\n');
    await send({ service: 'agent', content: 'and on' });
    expect(files().get('agent')?.split('\n').slice(1)).toEqual([
      'mac-01 10.0.0.1 started',
      'mac-01 10.0.0.1 ready',
      'and on',
      '',
    ]);
  });

  it('take nothing as lightly as something', async () => {
    expect((await send({ service: 'agent', content: '' })).code).toBe(200);
    expect(files().size).toBe(0);
  });

  it.each(['../../etc/cron.d/x', '..', 'a/b', 'a.log', '.ssh', 'a\u0000b', 'a  b', '%2e%2e'])(
    'refuse the service %j',
    async (service) => {
      const answer = await send({ service, content: 'x' });
      expect([answer.code, answer.status]).toEqual([400, 'FAIL']);
      expect(answer.message).toMatch(/^service must begin/);
      expect(files().size).toBe(0);
    },
  );

  it('refuse an entry without a service, or longer than it may be', async () => {
    expect((await send({ content: 'x' })).code).toBe(400);
    expect((await send({ service: 'agent', content: 'x'.repeat(1024 * 1024 + 1) })).code).toBe(400);
  });
});

describe('two listeners', () => {
  const onMain = (method: Verb, url: string) => client.app.inject({ method, url });

  it.each<[Verb, string]>([
    ['GET', '/registry/status'],
    ['GET', '/registry/vm'],
    ['GET', '/registry/v2/vm'],
    ['GET', '/registry/vm/info'],
    ['GET', '/registry/disk'],
    ['DELETE', '/registry/vm'],
  ])('keep %s %s away from the main one', async (method, path) => {
    const answer = await onMain(method, path);
    expect([answer.statusCode, answer.payload.trim()]).toEqual([404, '404 page not found']);
  });

  it.each<[Verb, string]>([
    ['GET', 'api/v1/status'],
    ['GET', 'api/v1/vm'],
    ['POST', 'api/v1/vm'],
    ['GET', 'api/v1/registry/vm'],
    ['GET', 'metrics'],
    ['GET', 'nothing'],
    ['GET', ''],
  ])('keep %s %s away from the registry', async (method, path) => {
    const answer = await call(method, path);
    expect([answer.code, answer.text]).toEqual([404, '404 page not found\n']);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  });

  it('each answer their own routes', async () => {
    expect((await onMain('GET', '/api/v1/registry/vm')).json()).toMatchObject({ body: [{ name: 'macos' }] });
    expect((await call('GET', 'registry/vm')).body).toEqual([{ [TEMPLATE_ID]: 'macos' }]);
  });
});
