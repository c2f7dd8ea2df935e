import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Verb } from '../anka-client.contract.js';
import { RegistryClient } from './registry-client.contract.js';

let client: RegistryClient;
const before = process.env.ANKA_ENABLE_API_KEYS;
async function open(enabled: string): Promise<void> {
  process.env.ANKA_ENABLE_API_KEYS = enabled;
  client = await RegistryClient.open();
}
afterEach(async () => {
  if (before === undefined) delete process.env.ANKA_ENABLE_API_KEYS;
  else process.env.ANKA_ENABLE_API_KEYS = before;
  await client.close();
});

const ask = (method: Verb, path: string, body?: object) => client.call(method, path, body);
const OK = '{"status":"OK","message":""}\n';
const PUSHER = { id: 'pusher', ttl: 3600, groups: ['ci'] };

describe('API keys of the registry', () => {
  beforeEach(() => open('true'));

  it('are made with a private key that is told once, listed, changed and taken away', async () => {
    const told: string = (await ask('POST', 'v1/apikey', PUSHER)).body;
    const secret = createPrivateKey({ key: Buffer.from(told, 'base64'), format: 'der', type: 'pkcs1' });
    const half = createPublicKey(secret).export({ type: 'spki', format: 'der' }).toString('base64');
    expect((await client.house.access.apiKey('pusher', 'registry'))?.publicKey).toBe(half);
    expect((await ask('GET', 'v1/apikey')).body).toMatchObject([{ id: 'pusher', groups: ['ci'] }]);
    expect((await ask('PUT', 'v1/apikey', { id: 'pusher', groups: ['ops'] })).text).toBe(OK);
    expect((await ask('GET', 'v1/apikey?id=pusher')).body).toMatchObject({ groups: ['ops'] });
    expect((await ask('DELETE', 'v1/apikey', { id: 'pusher' })).text).toBe(OK);
    expect((await ask('GET', 'v1/apikey')).body).toEqual([]);
  });

  it('are others than those of the controller, also under the same id', async () => {
    await ask('POST', 'v1/apikey', PUSHER);
    const atController = async (method: 'GET' | 'POST' | 'DELETE', payload?: object) =>
      (await client.app.inject({ method, url: '/api/v1/apikey', ...(payload && { payload }) })).json<{
        body: unknown;
      }>();
    expect(await atController('GET')).toMatchObject({ body: [] });
    expect(await atController('POST', { ...PUSHER, groups: ['ops'] })).toMatchObject({ status: 'OK' });
    expect((await ask('GET', 'v1/apikey')).body).toMatchObject([{ groups: ['ci'] }]);
    expect(await atController('DELETE', { id: 'pusher' })).toMatchObject({ status: 'OK' });
    expect((await ask('GET', 'v1/apikey')).body).toMatchObject([{ id: 'pusher' }]);
  });

  it('stay on the listener of the registry', async () => {
    expect((await client.app.inject({ method: 'GET', url: '/v1/apikey' })).statusCode).toBe(404);
    expect((await client.call('GET', 'api/v1/apikey')).code).toBe(404);
  });
});

it('without ANKA_ENABLE_API_KEYS the registry has no routes for them', async () => {
  await open('false');
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
    const answer = await ask(method, 'v1/apikey?id=x');
    expect([answer.code, answer.text]).toEqual([404, '404 page not found\n']);
  }
});
