import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { instance, join, seatOf, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, type Verb } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let app: NestFastifyApplication;
beforeEach(async () => {
  client = await AnkaClient.open();
  ({ house, app } = client);
});
afterEach(() => client.close());

async function call(method: Verb, path: string, payload?: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method,
    url: `/api/v1/${path}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
  return { code: answer.statusCode, ...answer.json<{ status: string; message: string; body?: never }>() };
}
const text = (body: object): string => JSON.stringify(body);
const started = async (body: object = {}): Promise<string> => {
  const { body: ids } = await call('POST', 'vm', text({ vmid: TEMPLATE_ID, ...body }));
  return (ids as unknown as string[])[0] ?? '';
};
const requestOf = (id: string) => house.cluster.vms.get(id as never)?.request;

describe('rule 1: a body is JSON', () => {
  it.each([
    ['without content type', {}],
    ['as application/json', { 'content-type': 'application/json' }],
    ['as application/json with a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as text/plain', { 'content-type': 'text/plain' }],
    ['as octets', { 'content-type': 'application/octet-stream' }],
    ['as multipart', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['as something that is no content type', { 'content-type': 'json' }],
  ])('%s', async (_, headers) => {
    expect(await call('POST', 'vm', text({ vmid: TEMPLATE_ID }), headers)).toMatchObject({ code: 200, status: 'OK' });
  });

  it.each(['{', 'vmid=x', '"text"', '[]', '7'])(
    'and %s is none, or no object: 400 in the envelope',
    async (payload) => {
      const answer = await call('POST', 'vm', payload, { 'content-type': 'application/x-www-form-urlencoded' });
      expect(answer).toMatchObject({ code: 400, status: 'FAIL' });
      expect(answer).not.toHaveProperty('body');
    },
  );

  it('and an absent one lacks what is required', async () => {
    expect(await call('POST', 'vm')).toMatchObject({ code: 400, message: expect.stringContaining('vmid must be') });
  });
});

describe('rule 2: bodies on DELETE are read', () => {
  it.each<Record<string, string>>([{}, { 'content-type': 'application/json' }, { 'content-type': 'text/plain' }])(
    'with headers %j',
    async (headers) => {
      const id = await started();
      expect(await call('DELETE', 'vm', text({ id }), headers)).toEqual({ code: 200, status: 'OK', message: '' });
      expect(await house.vms.get(id)).toMatchObject({ phase: 'terminating' });
    },
  );

  it('of nodes too', async () => {
    expect(await call('DELETE', 'node', text({ node_id: 'mac-01' }))).toMatchObject({ code: 200, status: 'OK' });
    expect(await house.nodes.get('mac-01')).toBeUndefined();
  });
});

describe('rule 3: a JSON content type without a body is no error', () => {
  it.each(['GET', 'DELETE'] as const)('on %s', async (method) => {
    const id = await started();
    const answer = await call(method, `vm?id=${id}`, undefined, { 'content-type': 'application/json' });
    expect(answer).toMatchObject({ code: 200, status: 'OK' });
  });

  it('on GET with an empty body of length 0', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '0' };
    expect(await call('GET', 'vm', '', headers)).toMatchObject({ code: 200, body: [] });
    expect(await call('DELETE', `registry/vm?id=${TEMPLATE_ID}`, '', headers)).toMatchObject({
      code: 200,
      status: 'OK',
    });
  });
});

describe('rule 4: empty texts count as absent', () => {
  it('in a start', async () => {
    const empty = {
      tag: '',
      name: '',
      external_id: '',
      startup_script: '',
      node_id: '',
      group_id: '',
      name_template: '',
    };
    expect(requestOf(await started(empty))).toEqual({ templateId: TEMPLATE_ID });
  });

  it('in a query', async () => {
    await started();
    expect((await call('GET', 'vm?id=')).body).toHaveLength(1);
    expect((await call('GET', 'node?id=')).body).toHaveLength(1);
    expect((await call('GET', 'registry/vm?id=')).body).toHaveLength(1);
    expect(await call('DELETE', 'vm?id=')).toMatchObject({ code: 400, message: 'id must be given' });
  });
});

describe('rule 5: numbers as text, and ports as numbers', () => {
  it('in a start', async () => {
    const { body } = await call('POST', 'vm', text({ vmid: TEMPLATE_ID, count: '2', priority: '10', version: '0' }));
    const [id, ...more] = body as unknown as string[];
    expect(more).toHaveLength(1);
    expect(requestOf(id ?? '')).toEqual({ templateId: TEMPLATE_ID, priority: 10, version: 0 });
  });

  it.each([
    ['texts', '22', '10022'],
    ['numbers', 22, 10_022],
  ])('ports as %s', async (_, guest_port, host_port) => {
    const rule = { name: 'ssh', guest_port, host_port };
    const id = await started({ port_forwarding_override: [rule] });
    expect(requestOf(id)?.forwards).toEqual([{ name: 'ssh', guestPort: 22, hostPort: 10_022 }]);
  });

  it('and empty texts in place of numbers', async () => {
    expect(requestOf(await started({ count: '', priority: '', version: '' }))).toEqual({ templateId: TEMPLATE_ID });
  });
});

describe('rule 6: what means nothing is ignored', () => {
  it('an empty disk, unknown fields, null', async () => {
    const odd = { disk: {}, flavour: 'large', tag: null, metadata: null, port_forwarding_override: null, vcpu: null };
    expect(requestOf(await started(odd))).toEqual({ templateId: TEMPLATE_ID });
  });

  it('a prototype in the body changes nothing', async () => {
    const payload = `{"vmid":"${TEMPLATE_ID}","__proto__":{"tag":"v9"},"metadata":{"__proto__":{"polluted":true},"a":1}}`;
    const answer = await call('POST', 'vm', payload);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    if (answer.code === 200) expect(requestOf((answer.body as unknown as string[])[0] ?? '')?.tag).toBeUndefined();
    else expect(answer).toMatchObject({ code: 400, status: 'FAIL' });
  });
});

describe('rule 7: ids come in the query or in the body', () => {
  it.each([
    ['vm?id=ID', undefined],
    ['vm', { id: 'ID' }],
  ])('DELETE %s %j', async (path, body) => {
    const id = await started();
    const payload = body && text(body).replace('ID', id);
    expect(await call('DELETE', path.replace('ID', id), payload)).toMatchObject({ code: 200, status: 'OK' });
  });

  it.each([
    ['vm?id=ID', { name: 'x' }],
    ['vm', { id: 'ID', name: 'x' }],
  ])('PUT %s %j', async (path, body) => {
    const id = await started();
    expect(await call('PUT', path.replace('ID', id), text(body).replace('ID', id))).toMatchObject({ status: 'OK' });
    expect(await house.vms.get(id)).toMatchObject({ name: 'x' });
  });

  it.each([
    ['rpc/vm/restart', { instance_id: 'ID' }],
    ['rpc/vm/restart', { id: 'ID' }],
    ['rpc/vm/restart?instance_id=ID', {}],
    ['rpc/vm/restart?id=ID', undefined],
  ])('POST %s %j', async (path, body) => {
    const id = await started();
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, id), instance: instance() });
    const payload = body && text(body).replace('ID', id);
    expect(await call('POST', path.replace('ID', id), payload)).toMatchObject({ code: 200, status: 'OK' });
    expect(await house.vms.get(id)).toMatchObject({ restarts: 1 });
  });

  it.each([
    ['node?node_id=mac-01', undefined],
    ['node?id=mac-01', undefined],
    ['node', { node_id: 'mac-01' }],
    ['node', { id: 'mac-01' }],
  ])('DELETE %s %j', async (path, body) => {
    expect(await call('DELETE', path, body && text(body))).toMatchObject({ code: 200, status: 'OK' });
  });

  it.each([
    ['node/config?node_id=mac-01', { drain_mode: true }],
    ['node/config', { node_id: 'mac-01', drain_mode: true }],
  ])('POST %s %j', async (path, body) => {
    expect(await call('POST', path, text(body))).toMatchObject({ code: 200, status: 'OK' });
    expect(await house.nodes.get('mac-01')).toMatchObject({ config: { drain: true } });
  });

  it('DELETE registry/vm takes either', async () => {
    expect(await call('DELETE', 'registry/vm', text({ id: TEMPLATE_ID }))).toMatchObject({ code: 200, status: 'OK' });
  });

  it('and there must be one, a text', async () => {
    expect(await call('POST', 'rpc/vm/restart', '{}')).toMatchObject({
      code: 400,
      message: 'instance_id must be given',
    });
    expect(await call('DELETE', 'vm', '{"id":7}')).toMatchObject({ code: 400, message: 'id must be a string' });
  });
});

describe('rule 8: ids are whatever their makers write', () => {
  it.each(['i-092bc39e9268d3b54', '0a11ce00-1111-4a5b-0c5d-000000000001', 'Mac_Mini.7'])('%s', async (nodeId) => {
    await house.tell(join(nodeId));
    expect(await call('GET', `node?id=${nodeId}`)).toMatchObject({ code: 200, body: [{ node_id: nodeId }] });
    const id = await started({ node_id: nodeId });
    expect(await house.vms.get(id)).toMatchObject({ nodeId });
  });

  it('and those we make are lower-case 8-4-4-4-12', async () => {
    expect(await started()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe('rule 9: scripts may be large', () => {
  it('up to the limit of the script itself', async () => {
    const startup_script = Buffer.alloc(1024 * 1024, 'x').toString('base64');
    const id = await started({ startup_script });
    expect(requestOf(id)?.script?.sizeBytes).toBe(1024 * 1024);
    const more = Buffer.alloc(1024 * 1024 + 1, 'x').toString('base64');
    const answer = await call('POST', 'vm', text({ vmid: TEMPLATE_ID, startup_script: more }));
    expect(answer).toMatchObject({ code: 400, message: expect.stringContaining('at most 1048576') });
  });

  it('and beyond 8 MiB the body is refused, in the envelope', async () => {
    const payload = text({ vmid: TEMPLATE_ID, name: 'x'.repeat(8 * 1024 * 1024) });
    const answer = await call('POST', 'vm', payload);
    expect(answer).toMatchObject({ code: 413, status: 'FAIL' });
    expect(answer).not.toHaveProperty('body');
  });
});
