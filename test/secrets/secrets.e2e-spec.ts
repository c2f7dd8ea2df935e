import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestProvider } from '../../apps/api/src/auth/testing/oidc-provider.contract.js';
import { freePort } from '../../tools/services/ports.js';
import { Fleet } from '../support/fleet.js';
import { base64, reaches } from '../support/instances.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { filesBelow, type Haystack, haystacksOf } from './haystacks.js';
import { logins, type Made, TOLD, wrongLogins } from './logins.js';
import { WEBHOOK_TOLD, webhooks } from './webhooks.js';

jest.setTimeout(240_000);

const BACK_LIMIT_MS = 60_000;

/** A text that is nowhere by chance. */
const unique = (): string => randomBytes(12).toString('hex');

/** What we let Muster know, and nobody else may find. */
const SECRETS = {
  'script of a VM': unique(),
  'script of a VM that is not base64': unique(),
  'VNC password': unique(),
  'VNC password of a restart': unique(),
  'password in the URL of the registry': unique(),
  'password in the URL of the event log': unique(),
  'token of root': unique(),
  'token of the node agents': unique(),
  'wrong password of root': unique(),
  'wrong password of a node agent': unique(),
  'wrong solution of a challenge': unique(),
  'wrong token of a session': unique(),
  'secret of the OpenID client': unique(),
  'bearer token': unique(),
  'value in a query': unique(),
  'value of a field that does not exist': unique(),
  'body that is no JSON': unique(),
  'value of a wrong type': unique(),
  'wrong secret of a webhook': unique(),
};
type Secret = keyof typeof SECRETS;

/** What webhooks are made of. */
const OF_WEBHOOKS = { key: base64(unique()), header: unique(), urlToken: unique(), made: '' };

/** Not secret, and to be found wherever the secrets are looked for: else nobody looked there. */
const MARK = `mark-${unique()}`;

/** How a secret may be written: as it is, or as somebody put it into JSON, base64 or a header. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  ...[0, 1, 2].map((shift) => base64(`${'x'.repeat(shift)}${secret}`).slice(shift === 0 ? 0 : 4, -4)),
];

const placeOf = (path: string): string | undefined =>
  path.split('?')[0]?.replace(/webhooks\/[0-9a-f-]{36}/, 'webhooks/:id');

describe('secrets', () => {
  let fleet: Fleet;
  let provider: TestProvider;
  let haystacks: readonly Haystack[];
  const answers: Haystack[] = [];
  let made: Readonly<Record<Made, string>>;
  const centralLogs = mkdtempSync(join(tmpdir(), 'muster-central-'));

  /** Asks, and keeps the answer. */
  async function tell(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<string> {
    const headers = { ...fleet.anka.headers, ...more };
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${fleet.apiUrl}${path}`, {
      method,
      headers,
      ...(text !== undefined && { body: text }),
    });
    const answer = await response.text();
    answers.push({ place: `answer to ${method} ${placeOf(path)}`, text: answer });
    return answer;
  }

  beforeAll(async () => {
    const registry = `http://user:${SECRETS['password in the URL of the registry']}@registry.example:8089`;
    // Nobody listens there: what is said of that is in the log.
    const eventLog = `http://user:${SECRETS['password in the URL of the event log']}@127.0.0.1:${await freePort()}/events`;
    provider = await TestProvider.start(SECRETS['secret of the OpenID client']);
    fleet = await Fleet.start({
      ...{ driver: 'simulated', nodes: 2, bootMs: 50, ephemeralDatabase: true },
      env: {
        ...{ MUSTER_LOG_LEVEL: 'debug', ANKA_ANKA_REGISTRY: registry },
        ...{ ANKA_ENABLE_EVENT_LOGGING: 'true', ANKA_EVENT_LOG_URL: eventLog, ANKA_ENABLE_CENTRAL_LOGGING: 'true' },
        ANKA_LOGS_DIR: centralLogs,
        ...{ MUSTER_WEBHOOK_ALLOW_HTTP: 'true', MUSTER_WEBHOOK_PORTS: '1-65535' },
        MUSTER_WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
        ...{ ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: SECRETS['token of root'], ANKA_ENABLE_API_KEYS: 'true' },
        MUSTER_NODE_TOKEN: SECRETS['token of the node agents'],
        ...{ ANKA_OIDC_PROVIDER_URL: provider.issuer, ANKA_OIDC_CLIENT_ID: 'jenkins' },
      },
    });
    await work();
    made = await logins(tell, provider, MARK, SECRETS['token of the node agents']);
    await wrongLogins(tell, MARK, {
      root: SECRETS['wrong password of root'],
      node: SECRETS['wrong password of a node agent'],
      client: SECRETS['secret of the OpenID client'],
      session: SECRETS['wrong token of a session'],
      bearer: SECRETS['bearer token'],
      solution: SECRETS['wrong solution of a challenge'],
    });
    const wrong = SECRETS['wrong secret of a webhook'];
    OF_WEBHOOKS.made = await webhooks(tell, MARK, await freePort(), { ...OF_WEBHOOKS, wrong });
    await failures();
    haystacks = [...(await haystacksOf(fleet)), ...filesBelow(centralLogs), ...answers];
  });
  afterAll(async () => {
    await fleet?.close();
    await provider?.stop();
    rmSync(centralLogs, { recursive: true, force: true });
  });

  async function work(): Promise<void> {
    const vmid = await offerPretendedTemplate(fleet);
    const script = (end: string): string => base64(`# ${SECRETS['script of a VM']}\necho hello\n${end}\n`);
    const order = { vmid, name: MARK, vnc_password: SECRETS['VNC password'], script_monitoring: true };
    const start = async (end: string): Promise<string> => {
      const answer = await tell('POST', '/api/v1/vm', { ...order, startup_script: script(end) });
      return (JSON.parse(answer) as { body: string[] }).body[0] ?? '';
    };
    const good = await start('exit 0');
    await reaches(fleet.anka, good, 'Started');
    await tell('POST', '/api/v1/rpc/vm/restart', {
      instance_id: good,
      vnc_password: SECRETS['VNC password of a restart'],
    });
    const bad = await start('exit 3');
    await reaches(fleet.anka, bad, 'Error');
    for (const path of ['status', 'vm', `vm?id=${good}`, `vm?id=${bad}`, 'node', 'registry/vm'])
      await tell('GET', `/api/v1/${path}`);
    await tell('DELETE', '/api/v1/vm', { id: good });
  }

  /** All that can go wrong while a secret is in our hands: what we cannot read, refuse, or cannot do now. */
  async function failures(): Promise<void> {
    const [vm, bearer] = ['/api/v1/vm', { authorization: `Bearer ${SECRETS['bearer token']}` }];
    const vnc_password = SECRETS['VNC password'];
    const script = base64(SECRETS['script of a VM']);
    for (const who of [bearer, {}]) await tell('POST', vm, { vmid: 'nope', startup_script: script, vnc_password }, who);
    await tell('POST', vm, { vmid: 'nope', startup_script: `-${SECRETS['script of a VM that is not base64']}-` });
    await tell('POST', vm, {
      vmid: 'nope',
      count: SECRETS['value of a wrong type'],
      metadata: [SECRETS['value of a wrong type']],
    });
    await tell('POST', vm, { vmid: 'nope', secret: SECRETS['value of a field that does not exist'] });
    for (const who of [bearer, {}]) await tell('POST', vm, `{"vnc_password":"${SECRETS['body that is no JSON']}`, who);
    await tell('GET', `/api/v1/nothing?token=${SECRETS['value in a query']}`, undefined, bearer);
    await tell('GET', `/api/v1/nothing?token=${SECRETS['value in a query']}`);
    await tell('GET', `${vm}?id=nope&token=${SECRETS['value in a query']}`);
    for (const part of ['postgres', 'nats', 'scheduler'] as const) {
      await fleet.member(part).kill();
      await tell('POST', vm, { vmid: 'nope', startup_script: script, vnc_password, name: MARK });
      await tell('GET', vm);
      await tell('GET', vm, undefined, bearer);
      await fleet.member(part).start();
      await until('All is well again', async () => (await fleet.anka.readiness()).status === 200, BACK_LIMIT_MS);
    }
  }

  it('are looked for where there is something to be found', () => {
    const marked = haystacks.filter(({ text }) => text.includes(MARK)).map(({ place }) => place);
    const places = [
      'stream COMMANDS',
      'stream EVENTS',
      'table projection.vm',
      'table archive.event',
      'table projection.apikey',
      'answer to GET /api/v1/vm',
    ];
    expect(marked).toEqual(expect.arrayContaining(places));
    expect(haystacks.some(({ place, text }) => /event\.log$/.test(place) && text.includes('StartVM'))).toBe(true);
    const full = haystacks.filter(({ text }) => text.length > 200).map(({ place }) => place);
    const more = [
      'file api.log',
      'file scheduler.log',
      'file node-agent.log',
      'metrics of api',
      'metrics of scheduler',
    ];
    expect(full).toEqual(expect.arrayContaining(more));
    expect(haystacks.some(({ place }) => place === `command line of ${fleet.member('api').pid}`)).toBe(true);
    expect(answers.filter(({ text }) => text.includes('not available')).length).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(SECRETS) as Secret[])('%s: is nowhere', (name) => {
    expect(whereIs(SECRETS[name])).toEqual([]);
  });

  it.each(Object.keys(TOLD) as Made[])('%s: is only where it must be', (name) => {
    expect(made[name].length).toBeGreaterThan(20);
    expect(whereIs(made[name])).toEqual(TOLD[name]);
  });

  it.each(Object.keys(WEBHOOK_TOLD) as (keyof typeof WEBHOOK_TOLD)[])(
    '%s of a webhook: is only where it must be',
    (name) => {
      expect(OF_WEBHOOKS[name].length).toBeGreaterThan(20);
      // The log of deliveries has a table for each day.
      const places = whereIs(OF_WEBHOOKS[name]).map((place) => place.replace(/attempt_(\d{8}|other)$/, 'attempt'));
      expect([...new Set(places)].sort()).toEqual([...WEBHOOK_TOLD[name]].sort());
    },
  );

  it('password of the database: is nowhere', () => {
    const password = decodeURIComponent(new URL(fleet.databaseUrl).password);
    expect(password.length).toBeGreaterThan(8);
    expect(whereIs(password)).toEqual([]);
  });

  const whereIs = (secret: string): readonly string[] =>
    haystacks.filter(({ text }) => formsOf(secret).some((form) => text.includes(form))).map(({ place }) => place);
});
