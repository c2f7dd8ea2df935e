import { generateKeyPairSync } from 'node:crypto';
import { decrypted, GuardedDoors, PUBLIC_KEY, SESSION_TTL_MS } from '../testing/guarded-doors.contract.js';
import { CHALLENGE_LIFE_MS } from './handshake.js';
import { SigningKey } from './signing-key.js';

let doors: GuardedDoors;
beforeEach(async () => {
  doors = await GuardedDoors.open();
  await doors.makeKey('ci', ['group']);
});
afterEach(() => doors.close());

const hand = (id = 'ci', from?: string) => doors.call('POST', '/tap/v1/hand', { body: { id }, ...(from && { from }) });
const shake = (secret: string, id = 'ci', from?: string) =>
  doors.call('POST', '/tap/v1/shake', { body: { id, secret }, ...(from && { from }) });
const status = (authorization: string) => doors.call('GET', '/api/v1/status', { authorization });
const FAILED = '{"status":"FAIL","message":"Authentication Required"}\n';

describe('a log-in with an API key', () => {
  it('begins with bare standard base64 and ends with a session, both without envelope', async () => {
    const challenge = await hand();
    expect(challenge.statusCode).toBe(200);
    expect(challenge.payload).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    const shaken = await shake(decrypted(challenge.payload));
    expect(shaken.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    const { id, data, ...more } = shaken.json<{ id: string; data: Record<string, string> }>();
    expect([id, Object.keys(data).sort(), more]).toEqual(['ci', ['sessionId', 'token', 'userName'], {}]);
    expect(data['userName']).toBe('ci');
  });

  it('gives as many sessions as are asked for, and each is good until its time is over', async () => {
    const [one, two] = [await doors.session('ci'), await doors.session('ci')];
    expect(one).not.toBe(two);
    await doors.house.clock.advanceBy(SESSION_TTL_MS - 1);
    for (const session of [one, two]) expect((await status(session)).statusCode).toBe(200);
    await doors.house.clock.advanceBy(1);
    const late = await status(one);
    expect([late.statusCode, late.payload]).toEqual([401, FAILED]);
  });

  it('takes a secret once, in its time, and for its key', async () => {
    await doors.makeKey('other');
    const secret = decrypted((await hand()).payload);
    expect((await shake(secret, 'other')).statusCode).toBe(401);
    expect((await shake(secret)).statusCode).toBe(200);
    expect((await shake(secret)).statusCode).toBe(401);
    const slow = decrypted((await hand()).payload);
    await doors.house.clock.advanceBy(CHALLENGE_LIFE_MS);
    expect((await shake(slow)).statusCode).toBe(401);
  });

  it('takes no secret that was made up or changed', async () => {
    const secret = decrypted((await hand()).payload);
    const [until = '', nonce, signature] = secret.split('.');
    const later = (Number.parseInt(until, 36) + 1).toString(36);
    for (const bad of ['x', '..', `${later}.${nonce}.${signature}`, `${until}.${nonce}x.${signature}`, 'zzz.zzz.zzz'])
      expect([bad, (await shake(bad, 'ci', doors.freshAddress())).statusCode]).toEqual([bad, 401]);
    expect((await shake(secret)).statusCode).toBe(200);
  });

  it('is refused in an envelope for a key that there is not', async () => {
    expect([(await hand('nobody')).statusCode, (await hand('nobody')).payload]).toEqual([401, FAILED]);
    expect((await doors.call('POST', '/tap/v1/hand', { body: {} })).statusCode).toBe(400);
  });

  it('must wait after too many failures of its address', async () => {
    const from = doors.freshAddress();
    for (let n = 0; n < 20; n++) expect((await hand('nobody', from)).statusCode).toBe(401);
    const limited = await hand('ci', from);
    expect([limited.statusCode, Number(limited.headers['retry-after'])]).toEqual([429, 60]);
    expect((await hand('ci', doors.freshAddress())).statusCode).toBe(200);
  });
});

describe('a session', () => {
  it('ends at once with its key, and does not come back with another key of the same id', async () => {
    const session = await doors.session('ci');
    expect((await status(session)).statusCode).toBe(200);
    await doors.dropKey('ci');
    expect((await status(session)).statusCode).toBe(401);
    await doors.house.clock.advanceBy(1);
    await doors.makeKey('ci', ['group']);
    expect((await status(session)).statusCode).toBe(401);
  });

  it('has the groups that the key has now', async () => {
    const session = await doors.session('ci');
    await doors.allow('group', 'list_nodes');
    const nodes = () => doors.call('GET', '/api/v1/node', { authorization: session });
    expect((await nodes()).statusCode).toBe(200);
    await doors.allow('group', undefined);
    expect((await nodes()).statusCode).toBe(403);
  });

  it('of one user is none of another', async () => {
    await doors.makeKey('admin');
    const session = JSON.parse(Buffer.from((await doors.session('ci')).slice(7), 'base64').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...session, userName: 'admin' })).toString('base64');
    expect((await status(`Bearer ${forged}`)).statusCode).toBe(401);
  });

  it('acts under the name of its key', async () => {
    await doors.makeKey('ci', ['group']);
    const authorization = await doors.session('ci');
    await doors.allow('group', 'start_vm');
    await doors.call('POST', '/api/v1/vm', { authorization, body: { vmid: 'nope' } });
    expect(doors.house.logged()).toContain('"actor":"ci"');
  });

  it('is not open to a key with the name of somebody who is no key', async () => {
    await expect(doors.makeKey('root', ['group'])).rejects.toThrow('refused');
    await doors.makeKey('anonymous', ['group']);
    expect((await status(await doors.session('anonymous'))).statusCode).toBe(401);
  });
});

describe('all replicas', () => {
  it('sign alike, and only those with the same root token', () => {
    const [ours, theirs, strangers] = ['one token 1', 'one token 1', 'one token 2'].map((token) =>
      SigningKey.keysOf(token),
    );
    const signature = ours!.session.sign('a', 'b');
    expect(theirs!.session.verifies(signature, 'a', 'b')).toBe(true);
    expect(theirs!.challenge.verifies(signature, 'a', 'b')).toBe(false);
    expect(strangers!.session.verifies(signature, 'a', 'b')).toBe(false);
    expect(theirs!.session.verifies(signature, 'ab')).toBe(false);
  });

  it('encrypt for the key and nobody else', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(PUBLIC_KEY.length).toBeGreaterThan(300);
    const { payload } = await hand();
    expect(() => decrypted(payload, privateKey)).toThrow();
  });
});
