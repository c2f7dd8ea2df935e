import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../../testing/api.contract.js';
import { push, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import { House } from '../../testing/house.contract.js';
import { AnkaModule } from './anka.module.js';
import { readAnkaConfig } from './anka.config.js';

const NAMES = ['ANKA_ANKA_REGISTRY', 'ANKA_REGISTRY', 'ANKA_ALLOW_CORS'] as const;
let house: House;
let app: NestFastifyApplication;
const before = new Map(NAMES.map((name) => [name, process.env[name]]));

async function open(env: Partial<Record<(typeof NAMES)[number], string>>): Promise<void> {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, env);
  house = new House().begin();
  app = await openDoors(house, AnkaModule);
}
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await app.close();
  await house.end();
});

const inject = (
  method: 'GET' | 'POST' | 'OPTIONS',
  path: string,
  headers: Record<string, string> = {},
  body?: object,
) => app.inject({ method, url: `/api/v1/${path}`, headers, ...(body && { payload: JSON.stringify(body) }) });

describe('ANKA_ANKA_REGISTRY, or ANKA_REGISTRY', () => {
  it.each(['ANKA_ANKA_REGISTRY', 'ANKA_REGISTRY'] as const)('%s is the address that is shown', async (name) => {
    await open({ [name]: 'http://reg.example:8089' });
    await house.tell(push('v1', 'a'));
    const status = await inject('GET', 'status');
    expect(status.json()).toMatchObject({ body: { registry_address: 'http://reg.example:8089' } });
    await inject('POST', 'vm', {}, { vmid: TEMPLATE_ID });
    expect((await inject('GET', 'vm')).json()).toMatchObject({
      body: [{ vm: { anka_registry: 'http://reg.example:8089' } }],
    });
  });

  it('is shown without name and password', () => {
    const shown = (url: string) => readAnkaConfig({ ANKA_ANKA_REGISTRY: url }).registry;
    expect(shown('https://me:p@ss@reg.example:8089/a?b@c')).toBe('https://reg.example:8089/a?b@c');
    expect(shown('http://reg.example/x@y')).toBe('http://reg.example/x@y');
  });

  it('must be set when an empty one is not allowed', async () => {
    await open({});
    expect(() => readAnkaConfig({ ANKA_ALLOW_EMPTY_REGISTRY: 'false' })).toThrow('ANKA_ANKA_REGISTRY is not set');
    expect(readAnkaConfig({})).toEqual({ allowCors: false, apiKeys: false, failStatus: 'mixed' });
  });
});

describe('ANKA_ALLOW_CORS', () => {
  it('lets pages from anywhere call every route, unknown ones too', async () => {
    await open({ ANKA_ALLOW_CORS: 'true' });
    for (const path of ['status', 'vm?id=nope', 'nothing']) {
      expect((await inject('GET', path)).headers['access-control-allow-origin']).toBe('*');
    }
  });

  it('answers the question that a browser asks first', async () => {
    await open({ ANKA_ALLOW_CORS: 'true' });
    const asked = { origin: 'http://page.example', 'access-control-request-method': 'DELETE' };
    const answer = await inject('OPTIONS', 'vm', asked);
    expect([answer.statusCode, answer.payload]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    });
  });

  it('is off unless it is set', async () => {
    await open({});
    expect((await inject('GET', 'status')).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
