import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { AnkaClient } from './anka-client.contract.js';

let client: AnkaClient;
const before = process.env.ANKA_ENABLE_API_KEYS;
async function open(enabled: string): Promise<void> {
  process.env.ANKA_ENABLE_API_KEYS = enabled;
  client = await AnkaClient.open();
}
afterEach(async () => {
  if (before === undefined) delete process.env.ANKA_ENABLE_API_KEYS;
  else process.env.ANKA_ENABLE_API_KEYS = before;
  await client.close();
});

const DER = { type: 'spki', format: 'der' } as const;
const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(DER).toString('base64');
const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => client.call(method, path, body);
const OK = '{"status":"OK","message":""}\n';

describe('API keys', () => {
  beforeEach(() => open('true'));
  const make = (body: object = {}) =>
    ask('POST', 'apikey', { id: 'jenkins', ttl: 3600, groups: ['ci'], publicKey, ...body });

  it('of a client that brings its public key are made without an answer, and listed', async () => {
    expect((await make({ groups: ['ops', 'ci'] })).text).toBe(OK);
    const shown = {
      id: 'jenkins',
      groups: ['ci', 'ops'],
      expiration: '2026-03-01T11:00:00.000Z',
      created: '2026-03-01T10:00:00.000Z',
    };
    expect((await ask('GET', 'apikey')).text).toBe(`{"status":"OK","message":"","body":[${JSON.stringify(shown)}]}\n`);
    expect((await ask('GET', 'apikey?id=jenkins')).body).toEqual(shown);
    expect(await ask('GET', 'apikey?id=nobody')).toMatchObject({ code: 200, status: 'FAIL', message: 'Not found' });
  });

  it('of a client without one are answered once, as PKCS#1 that fits the public half, and are in no stream', async () => {
    const { code, body } = await make({ publicKey: undefined });
    const told: string = body;
    expect([code, typeof told]).toEqual([200, 'string']);
    const secret = createPrivateKey({ key: Buffer.from(told, 'base64'), format: 'der', type: 'pkcs1' });
    const known = (await client.house.access.apiKey('jenkins'))?.publicKey ?? '';
    const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const half = createPublicKey({ key: Buffer.from(known, 'base64'), ...DER });
    const sealed = publicEncrypt({ key: half, ...oaep }, Buffer.from('secret'));
    expect(privateDecrypt({ key: secret, ...oaep }, sealed).toString()).toBe('secret');
    expect(client.house.logged()).toContain(known);
    expect(client.house.logged()).not.toContain(told.slice(600, 664));
  });

  it('are not answered again to a repetition, whose pair would be another', async () => {
    const again = () =>
      client.call('POST', 'apikey', { id: 'k', ttl: 60, groups: 'ci' }, { 'idempotency-key': 'once' });
    expect(await again()).toMatchObject({ code: 200, status: 'OK' });
    expect(await again()).toMatchObject({
      code: 400,
      message: 'The private key was answered before; it is kept nowhere',
    });
  });

  it('may be described in the query, with groups in one text', async () => {
    const query = `id=ci%40example.com&ttl=60&groups=a,b,&publicKey=${encodeURIComponent(publicKey)}`;
    expect((await ask('POST', `apikey?${query}`)).text).toBe(OK);
    expect((await ask('PUT', 'apikey?id=ci%40example.com&groups=c')).text).toBe(OK);
    expect((await ask('GET', 'apikey')).body).toMatchObject([{ id: 'ci@example.com', groups: ['c'] }]);
    expect((await ask('DELETE', 'apikey', { id: 'ci@example.com' })).text).toBe(OK);
    expect((await ask('GET', 'apikey')).body).toEqual([]);
  });

  it('change at once, and keep what is not named', async () => {
    await make();
    expect((await ask('PUT', 'apikey', { id: 'jenkins', ttl: '7200' })).text).toBe(OK);
    expect((await ask('GET', 'apikey?id=jenkins')).body).toMatchObject({
      groups: ['ci'],
      expiration: '2026-03-01T12:00:00.000Z',
    });
  });

  it('are gone when their time is up, though nobody has cleaned up', async () => {
    await make({ ttl: 60 });
    await client.house.clock.advanceBy(60_000);
    expect((await ask('GET', 'apikey')).body).toEqual([]);
    expect(await ask('PUT', 'apikey', { id: 'jenkins', groups: ['x'] })).toMatchObject({ message: 'Not found' });
    expect((await make()).text).toBe(OK);
  });

  it.each<[string, object, string]>([
    ['without an id', { id: '' }, 'id must be a string of 1 to 128 characters'],
    ['without a ttl', { ttl: undefined }, 'ttl must be a whole number from 1 to 3153600000'],
    ['that never work', { ttl: 0 }, 'ttl must be a whole number from 1 to 3153600000'],
    ['without groups', { groups: [] }, 'groups must be an array of 1 to 64 strings'],
    [
      'that are no keys',
      { publicKey: 'AAAA' },
      'publicKey must be an RSA key of at least 2048 bits, PKIX DER in base64',
    ],
    ['called root', { id: 'root' }, 'id is the name of the superuser'],
  ])('%s are refused', async (_, changed, message) => {
    expect(await make(changed)).toMatchObject({ code: 400, status: 'FAIL', message });
  });

  it('of a name that is taken are refused, and unknown ones are not found', async () => {
    await make();
    expect(await make()).toMatchObject({ code: 400, message: 'API key jenkins exists already' });
    expect(await ask('DELETE', 'apikey?id=x')).toMatchObject({ code: 200, status: 'FAIL', message: 'Not found' });
  });
});

describe('without ANKA_ENABLE_API_KEYS', () => {
  it('there are no routes for them', async () => {
    await open('false');
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      const answer = await client.app.inject({ method, url: '/api/v1/apikey?id=x' });
      expect([answer.statusCode, answer.payload]).toEqual([404, '404 page not found\n']);
    }
  });
});

/** The documents say it in one order, the examples in the other. */
describe('permission resources', () => {
  beforeEach(() => open('false'));

  it.each([
    ['GET', '/admin/api/v1/permission/resources/permissions'],
    ['GET', '/admin/api/v1/permission/group/ci/resources'],
    ['POST', '/admin/api/v1/permission/group/ci/resources'],
    ['GET', '/admin/v1/api/permission/resources/permissions'],
    ['GET', '/admin/v1/api/permission/group/ci/resources'],
    ['POST', '/admin/v1/api/permission/group/ci/resources'],
  ] as const)('answer %s %s', async (method, url) => {
    const answer = await client.app.inject({ method, url, ...(method === 'POST' && { payload: '[]' }) });
    expect([answer.statusCode, answer.json<{ status: string }>().status]).toEqual([200, 'OK']);
  });
});

describe.each(['/admin/api/v1/permission', '/admin/v1/api/permission'])('%s', (prefix) => {
  beforeEach(() => open('false'));
  const inject = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const { statusCode: code, payload: text } = await client.app.inject({
      method,
      url: `${prefix}/${path}`,
      ...payload,
    });
    return { code, text };
  };

  it('tells what there is to allow', async () => {
    const { body } = JSON.parse((await inject('GET', 'resources/permissions')).text) as { body: object[] };
    expect(body).toMatchObject([{ resource_type: 'node' }, { resource_type: 'template' }]);
    expect(body[0]).toMatchObject({
      permissions: { create_instance: { label: 'Create instance', description: 'Start instances on the node' } },
    });
  });

  it('saves what a group may do, and tells it again', async () => {
    const path = 'group/Dev%20%26%20Ops/resources';
    expect((await inject('GET', path)).text).toBe('{"status":"OK","message":"","body":[]}\n');
    const sent = [{ id: 'mac-01', type: 'node', permissions: ['list', 'create_instance'] }];
    expect((await inject('POST', path, sent)).text).toBe('{"status":"OK","message":"Saved"}\n');
    const shown = { id: 'mac-01', id_type: 'id', type: 'node', permissions: ['create_instance', 'list'] };
    expect((await inject('GET', path)).text).toBe(`{"status":"OK","message":"","body":[${JSON.stringify(shown)}]}\n`);
    expect((await inject('POST', path, [shown])).text).toBe('{"status":"OK","message":"Saved"}\n');
    expect(await client.house.access.resourcesOf(['Dev & Ops'])).toEqual([
      { id: 'mac-01', type: 'node', permissions: ['create_instance', 'list'] },
    ]);
    expect((await inject('POST', path, [])).text).toBe('{"status":"OK","message":"Saved"}\n');
    expect((await inject('GET', path)).text).toBe('{"status":"OK","message":"","body":[]}\n');
  });

  it.each([
    ['no array', { id: 'x' }],
    ['no resources', ['x']],
    ['another type', [{ id: 'x', type: 'vm', permissions: [] }]],
    ['a permission of the other type', [{ id: 'x', type: 'node', permissions: ['pull'] }]],
    ['a name of what every object has', [{ id: 'x', type: 'toString', permissions: ['length'] }]],
  ])('refuses a body with %s', async (_, body) => {
    const { code, text } = await inject('POST', 'group/ci/resources', body);
    expect([code, JSON.parse(text)]).toEqual([400, { status: 'FAIL', message: expect.any(String) }]);
  });

  it('answers what it does not know as the other paths do', async () => {
    expect(await inject('GET', 'nothing')).toEqual({ code: 404, text: '404 page not found\n' });
  });
});
