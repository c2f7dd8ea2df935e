import type { AccessStore } from '#domain';
import { WINDOW_MS } from './attempts.js';
import type { Need } from './permission.js';
import {
  basic,
  CONFIG,
  GuardedDoors,
  NODE_TOKEN,
  ROOT_TOKEN,
  SESSION_TTL_MS,
} from './testing/guarded-doors.contract.js';
import { ROUTE_NEEDS } from './testing/route-needs.contract.js';

/** The page that describes the API, and its files. */
const IS_DOCUMENTATION = /^\w+ \/(docs|openapi)/;
const IS_HEAD = /(^| )HEAD /;
const ROWS = Object.entries(ROUTE_NEEDS).map(([route, words]) => {
  const [path = '', method = '', listener] = route.split(' ').reverse();
  const [need = '', nodes] = words.split('+');
  // A stream would not end: whoever is let in asks for it wrongly.
  const query = path === '/api/v2/stream' ? '?after=x' : '';
  const url = `${path.replace(':digest', `sha256:${'a'.repeat(64)}`).replace(/:\w+/g, 'nobody')}${query}`;
  return {
    route,
    method: method as 'GET',
    url,
    isRegistrys: listener !== undefined,
    need: need as Need,
    alsoNodes: nodes === 'node',
  };
});

let doors: GuardedDoors;
let expired: string;
beforeAll(async () => {
  doors = await GuardedDoors.open();
  await doors.makeKey('late');
  expired = await doors.session('late');
  await doors.house.clock.advanceBy(SESSION_TTL_MS + 1);
});
afterAll(() => doors.close());

type Verdict = 'let in' | 'unknown' | 'forbidden';

/** What each route says to the caller. Anything but a wrong caller counts as let in, as long as it is no fault. */
async function verdicts(authorization: (need: Need, store: AccessStore) => Promise<string | undefined>) {
  // So that wrong passwords over the registry's one address do not add up.
  await doors.house.clock.advanceBy(WINDOW_MS);
  const entries: [string, Verdict][] = [];
  for (const { route, method, url, need, isRegistrys } of ROWS) {
    const header = await authorization(need, isRegistrys ? 'registry' : 'controller');
    const options = { ...(header !== undefined && { authorization: header }), body: {}, from: doors.freshAddress() };
    const answer = isRegistrys ? doors.callRegistry(method, url, options) : doors.call(method, url, options);
    const { statusCode, payload } = await answer;
    // Nobody looks at the parts here, so they are not ready.
    if (statusCode >= 500 && !url.endsWith('/readyz')) throw new Error(`${route}: ${statusCode} ${payload}`);
    entries.push([route, statusCode === 401 ? 'unknown' : statusCode === 403 ? 'forbidden' : 'let in']);
  }
  return Object.fromEntries(entries);
}

const expected = (verdict: (row: (typeof ROWS)[number]) => Verdict): Record<string, Verdict> =>
  Object.fromEntries(ROWS.map((row) => [row.route, verdict(row)]));
const unlessOpen = ({ need }: { readonly need: Need }): Verdict => (need === 'open' ? 'let in' : 'unknown');

describe('every route', () => {
  it('of the product has a row, with what it needs', () => {
    const real = [...doors.routes].filter(([route]) => !IS_HEAD.test(route) && !IS_DOCUMENTATION.test(route));
    expect(Object.fromEntries(real)).toEqual(ROUTE_NEEDS);
  });

  it('asks the same of HEAD as of GET', () => {
    const heads = [...doors.routes].filter(([route]) => IS_HEAD.test(route));
    expect(heads.length).toBeGreaterThan(5);
    for (const [route, need] of heads)
      expect([route, need]).toEqual([route, doors.routes.get(route.replace('HEAD', 'GET'))]);
  });

  it('lets nobody in without credentials', async () => {
    expect(await verdicts(async () => undefined)).toEqual(expected(unlessOpen));
  });

  it.each([
    ['a wrong password', basic('root', 'wrong')],
    ['an unknown user', basic('somebody', ROOT_TOKEN)],
    ['no credentials that can be read', 'Bearer ???'],
    [
      'a session that nobody gave',
      `Bearer ${Buffer.from('{"userName":"late","sessionId":"z.z.z","token":"x"}').toString('base64')}`,
    ],
    ['a token of no provider', 'Bearer a.b.c'],
  ])('lets nobody in with %s', async (_, header) => {
    expect(await verdicts(async () => header)).toEqual(expected(unlessOpen));
  });

  it('lets nobody in with an expired session', async () => {
    expect(await verdicts(async () => expired)).toEqual(expected(unlessOpen));
  });

  it('forbids those who have a name and no permission', async () => {
    await doors.makeKey('poor', ['nothing']);
    const header = await doors.session('poor');
    const verdict = ({ need }: { readonly need: Need }) => (need === 'open' || need === 'any' ? 'let in' : 'forbidden');
    expect(await verdicts(async () => header)).toEqual(expected(verdict));
  });

  it('lets those in who have its very permission, from the moment they have it', async () => {
    await doors.makeKey('right', ['just']);
    const header = await doors.session('right');
    const allowed = await verdicts(async (need, store) => {
      await doors.allow('just', need === 'open' || need === 'any' || need === 'superuser' ? undefined : need, store);
      return header;
    });
    expect(allowed).toEqual(expected(({ need }) => (need === 'superuser' ? 'forbidden' : 'let in')));
  });

  it.each([['root'], ['']])('lets root in as %j', async (user) => {
    expect(await verdicts(async () => basic(user, ROOT_TOKEN))).toEqual(expected(() => 'let in'));
  });

  it('lets node agents in where blobs are, and nowhere else', async () => {
    const verdict = ({ need, alsoNodes }: (typeof ROWS)[number]) =>
      need === 'open' || alsoNodes ? 'let in' : 'forbidden';
    expect(await verdicts(async () => basic('node', NODE_TOKEN))).toEqual(expected(verdict));
  });
});

describe('what a caller hears who is not let in', () => {
  it('is the text that clients of Anka compare', async () => {
    const { statusCode, payload, headers } = await doors.call('GET', '/api/v1/status');
    expect([statusCode, payload]).toEqual([401, '{"status":"FAIL","message":"Authentication Required"}\n']);
    expect(headers['content-type']).toBe('application/json');
  });

  it('is an envelope when it may not do that', async () => {
    await doors.makeKey('poor');
    const answer = await doors.call('DELETE', '/api/v1/node', { authorization: await doors.session('poor') });
    expect([answer.statusCode, answer.json()]).toEqual([
      403,
      { status: 'FAIL', message: 'Not permitted: delete_node is needed' },
    ]);
  });

  it('is a problem on our own paths', async () => {
    const answer = await doors.call('GET', '/api/v2/templates');
    expect([answer.statusCode, answer.json()]).toMatchObject([401, { title: 'Authentication Required', status: 401 }]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    const upload = await doors.call('PUT', `/blobs/sha256:${'a'.repeat(64)}`);
    expect([upload.statusCode, upload.json()]).toMatchObject([401, { status: 401 }]);
  });

  it('is to wait, after too many wrong passwords from one address', async () => {
    const from = doors.freshAddress();
    const attempt = (password: string) =>
      doors.call('GET', '/api/v1/status', { authorization: basic('root', password), from });
    for (let n = 0; n < 20; n++) expect((await attempt(`wrong ${n}`)).statusCode).toBe(401);
    const limited = await attempt(ROOT_TOKEN);
    expect([limited.statusCode, limited.headers['retry-after']]).toEqual([429, '60']);
    expect(limited.json()).toMatchObject({ status: 'FAIL' });
    await doors.house.clock.advanceBy(60_000);
    expect((await attempt(ROOT_TOKEN)).statusCode).toBe(200);
  });

  it('is that there is no such page, for a route that nobody knows', async () => {
    expect((await doors.call('GET', '/api/v1/nope')).statusCode).toBe(404);
  });
});

describe('while authentication is off', () => {
  it('anybody may do anything, whatever the Authorization header says', async () => {
    const open = await GuardedDoors.open('off');
    for (const authorization of [undefined, basic('root', 'wrong'), 'nonsense'])
      expect((await open.call('GET', '/api/v1/node', { ...(authorization && { authorization }) })).statusCode).toBe(
        200,
      );
    expect((await open.call('POST', '/tap/v1/hand', { body: { id: 'x' } })).statusCode).toBe(404);
    await open.close();
  });
});

describe('without permission groups', () => {
  it('whoever has a name may do everything', async () => {
    const plain = await GuardedDoors.open({
      ...CONFIG,
      usesPermissions: false,
    });
    await plain.makeKey('ci');
    const authorization = await plain.session('ci');
    expect((await plain.call('GET', '/api/v1/node', { authorization })).statusCode).toBe(200);
    await plain.close();
  });
});
