import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PERMISSIONS, REGISTRY_PERMISSIONS } from '../../apps/api/src/auth/permission.js';
import { TestProvider } from '../../apps/api/src/auth/testing/oidc-provider.contract.js';
import { Fleet } from '../support/fleet.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { type Document, operationsOf } from './document.js';
import { type Fuzzed, fuzz } from './fuzzing.js';
import type { Known } from './wire.js';

jest.setTimeout(300_000);

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** By door. */
const REQUESTS = { controller: 2_000, registry: 1_000 };
const NODES = 6;
const TEMPLATES = 6;
const GROUP = 'tenant';
/** With these it could simply give itself the rest. */
const FOR_OTHERS = /permission/;
/** After too many wrong answers nobody is listened to who comes from here, not even we. */
const LOG_IN = /^\/tap\//;
const ON_NODE = ['change_config', 'create_instance', 'delete_template', 'distribute', 'list', 'remove'];
const ON_TEMPLATE = ['delete_revert', 'get_config', 'list', 'pull', 'push_tag', 'save_image', 'set_arch'];

describe(`requests of every kind by one tenant among others (FUZZ_SEED=${SEED})`, () => {
  let fleet: Fleet;
  let provider: TestProvider;
  let [own, foreign]: Record<'nodes' | 'templates', readonly string[]>[] = [];
  const fuzzed: Fuzzed[] = [];

  async function mustBe<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { envelope } = await fleet.anka.ask<T>(method, path, body);
    if (envelope.status === 'FAIL') throw new Error(`${method} ${path}: ${envelope.message}`);
    return envelope.body as T;
  }

  beforeAll(async () => {
    provider = await TestProvider.start();
    const env = {
      ...{ ANKA_ENABLE_AUTH: 'true', ANKA_ROOT_TOKEN: randomUUID(), ANKA_ENABLE_API_KEYS: 'true' },
      ...{ ANKA_ENABLE_CONTROLLER_AUTHORIZATION: 'true', ANKA_ENABLE_RESOURCE_MANAGEMENT: 'true' },
      ...{ ANKA_OIDC_PROVIDER_URL: provider.issuer, ANKA_OIDC_CLIENT_ID: 'jenkins', MUSTER_LOG_LEVEL: 'warn' },
    };
    fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 50, ephemeralDatabase: true, env });
    await share();
    const authorization = `Bearer ${await provider.token({ name: 'tina', groups: [GROUP] })}`;
    await assail('controller', 'anka', fleet.apiUrl, { authorization });
    await assail('registry', 'anka-registry', fleet.registryUrl, { authorization });
  });
  afterAll(async () => {
    await fleet?.close();
    await provider?.stop();
  });

  /** Half of everything is the tenant's. */
  async function share(): Promise<void> {
    const templates = await Promise.all(Array.from({ length: TEMPLATES }, () => offerPretendedTemplate(fleet)));
    const nodes = (await fleet.anka.nodes()).map(({ node_id }) => node_id);
    own = { nodes: nodes.slice(0, NODES / 2), templates: templates.slice(0, TEMPLATES / 2) };
    foreign = { nodes: nodes.slice(NODES / 2), templates: templates.slice(TEMPLATES / 2) };
    const stores = { controller: PERMISSIONS, registry: REGISTRY_PERMISSIONS };
    for (const [store, all] of Object.entries(stores)) {
      const permissions = all.filter((name) => !FOR_OTHERS.test(name));
      const url = `${fleet.apiUrl}/api/v2/permission-groups/${GROUP}?store=${store}`;
      const headers = { ...fleet.anka.headers, 'content-type': 'application/json' };
      const { ok } = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ permissions }) });
      if (!ok) throw new Error(`The permissions at the ${store} cannot be given`);
    }
    const granted = [
      ...own.nodes.map((id) => ({ id, type: 'node', permissions: ON_NODE })),
      ...own.templates.map((id) => ({ id, type: 'template', permissions: ON_TEMPLATE })),
    ];
    await mustBe('POST', `/admin/api/v1/permission/group/${GROUP}/resources`, granted);
  }

  /** What the tenant knows of; it does not guess ids, so none of another may come back. */
  async function lookAround(): Promise<Known> {
    const vms = await mustBe<readonly { instance_id: string }[]>('GET', '/api/v1/vm');
    return {
      ...{ vm: vms.map(({ instance_id }) => instance_id), node: own?.nodes ?? [], template: own?.templates ?? [] },
      ...{ group: [], distribution: [], image: [], key: [] },
    };
  }

  async function assail(
    door: keyof typeof REQUESTS,
    name: string,
    url: string,
    headers: Record<string, string>,
  ): Promise<void> {
    const document = (await (await fetch(`${fleet.apiUrl}/openapi/${name}.json`)).json()) as Document;
    const ids = [...(foreign?.nodes ?? []), ...(foreign?.templates ?? [])];
    const told = (text: string): string | undefined => ids.find((id) => text.includes(id));
    const alsoJudge = (_: unknown, { text }: { text: string }) =>
      told(text) === undefined ? undefined : 'tells of what is not the caller’s';
    const operations = operationsOf(document).filter(({ path }) => !LOG_IN.test(path));
    const options = { url, document, operations, seed: SEED, requests: REQUESTS[door] };
    fuzzed.push(await fuzz({ ...options, lookAround, alsoJudge, headers }));
  }

  it('are all sent', () => expect(fuzzed.map(({ sent }) => sent)).toEqual([REQUESTS.controller, REQUESTS.registry]));

  it('get no answer that tells of another’s nodes and templates, and no fault of ours', () => {
    expect(fuzzed.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it.each(['GET /api/v1/node', 'GET /api/v1/registry/vm', 'GET /registry/v2/vm'])(
    'are partly understood: %s',
    (route) => {
      const done = [...new Set(fuzzed.flatMap(({ answers }) => [...answers.keys()]))].filter((key) =>
        key.endsWith(' 200 OK'),
      );
      expect(done).toContain(`${route} 200 OK`);
    },
  );

  it('leave what is another’s as it was', async () => {
    expect((await fleet.anka.nodes()).map(({ node_id }) => node_id)).toEqual(
      expect.arrayContaining([...(foreign?.nodes ?? [])]),
    );
    expect((await fleet.anka.templates()).map(({ id }) => id)).toEqual(
      expect.arrayContaining([...(foreign?.templates ?? [])]),
    );
  });
});
