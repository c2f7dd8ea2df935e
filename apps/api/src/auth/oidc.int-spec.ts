import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CONFIG, GuardedDoors } from './testing/guarded-doors.contract.js';
import { TestProvider } from './testing/oidc-provider.contract.js';

let provider: TestProvider;
let doors: GuardedDoors;
beforeAll(async () => {
  provider = await TestProvider.start();
  const oidc = {
    ...{ providerUrl: provider.issuer, clientIds: ['urn:anka'], displayName: 'Test', askUserInfo: false },
    ...{ userNameClaim: 'name', groupsClaim: 'groups' },
  };
  doors = await GuardedDoors.open({ ...CONFIG, oidc });
  await doors.house.clock.advanceBy(Date.now() - doors.house.clock.now());
  await doors.allow('builders', 'list_nodes');
}, 60_000);
afterAll(async () => {
  await doors.close();
  await provider.stop();
});

const nodes = (token: string) => doors.call('GET', '/api/v1/node', { authorization: `Bearer ${token}` });
const codeFor = async (token: string) => (await nodes(token)).statusCode;

describe('an access token of a real provider', () => {
  it('lets in with the permissions of its groups', async () => {
    expect(await codeFor(await provider.token({ name: 'ci', groups: ['builders'] }))).toBe(200);
    expect(await codeFor(await provider.token({ name: 'ci', groups: ['others'] }))).toBe(403);
    expect(await codeFor(await provider.token({ name: 'ci', groups: 'builders' }))).toBe(200);
    expect(await codeFor(await provider.token({}))).toBe(403);
  });

  it('names the actor: its name, else its subject', async () => {
    await doors.allow('starters', 'start_vm');
    const start = async (claims: object) =>
      doors.call('POST', '/api/v1/vm', {
        authorization: `Bearer ${await provider.token({ groups: ['starters'], ...claims })}`,
        body: { vmid: 'nope' },
      });
    expect((await start({ name: 'Ada' })).statusCode).toBe(400);
    expect((await start({})).statusCode).toBe(400);
    expect(doors.house.logged()).toContain('"actor":"Ada"');
    expect(doors.house.logged()).toContain('"actor":"jenkins"');
  });

  it('is refused for another audience, a reserved name, and when it was changed', async () => {
    expect(await codeFor(await provider.token({ groups: ['builders'] }, 'urn:other'))).toBe(401);
    expect(await codeFor(await provider.token({ name: 'root', groups: ['builders'] }))).toBe(401);
    const [head, , signature] = (await provider.token({ groups: ['builders'] })).split('.');
    const claims = { iss: provider.issuer, aud: 'urn:anka', exp: 9_999_999_999, groups: ['builders'], sub: 'x' };
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await codeFor(`${head}.${forged}.${signature}`)).toBe(401);
  });

  it('is refused when somebody else has signed it, or nobody, or with a shared secret', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const body = { iss: provider.issuer, aud: 'urn:anka', groups: ['builders'], sub: 'x' };
    const signed = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(body).setProtectedHeader({ alg }).setExpirationTime('1h').sign(key);
    expect(await codeFor(await signed('RS256', privateKey))).toBe(401);
    expect(await codeFor(await signed('HS256', Buffer.from(JSON.stringify(await exportJWK(publicKey)))))).toBe(401);
    const none = [{ alg: 'none' }, { ...body, exp: 9_999_999_999 }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    expect(await codeFor(`${none.join('.')}.x`)).toBe(401);
  });

  it('costs no question to the provider once its keys are known', async () => {
    const token = await provider.token({ groups: ['builders'] });
    await nodes(token);
    const before = provider.requests.length;
    for (let n = 0; n < 20; n++) expect(await codeFor(token)).toBe(200);
    expect(provider.requests.length).toBe(before);
  });

  it('is refused after its time', async () => {
    const token = await provider.token({ groups: ['builders'] });
    expect(await codeFor(token)).toBe(200);
    await doors.house.clock.advanceBy(700_000);
    expect(await codeFor(token)).toBe(401);
  });
});

describe('clients', () => {
  it('are told where to get tokens', async () => {
    const answer = await doors.call('GET', '/config/v1/auth');
    expect(answer.json()).toEqual({
      status: 'OK',
      message: '',
      body: {
        oidc: { user_name_field: 'name', groups_field: 'groups', provider_url: provider.issuer, display_name: 'Test' },
      },
    });
  });

  it('hear that the provider is away, and may ask again, when it is', async () => {
    const token = await provider.token({ groups: ['builders'] });
    const oidc = {
      ...CONFIG,
      oidc: {
        providerUrl: 'http://127.0.0.1:9',
        clientIds: ['urn:anka'],
        displayName: '',
        askUserInfo: false,
        userNameClaim: 'name',
        groupsClaim: 'groups',
      },
    };
    const lonely = await GuardedDoors.open(oidc);
    const answer = await lonely.call('GET', '/api/v1/node', { authorization: `Bearer ${token}` });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
    await lonely.close();
  });
});
