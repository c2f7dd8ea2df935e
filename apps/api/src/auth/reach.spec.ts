import type { AccessStore, ResourceGrant } from '#domain';
import { join, push, TEMPLATE_ID } from '../testing/fleet.contract.js';
import { basic, CONFIG, GuardedDoors, ROOT_TOKEN } from './testing/guarded-doors.contract.js';

const OTHER_ID = '7e3a1d00-2222-4b6c-6d6e-000000000010';

let doors: GuardedDoors;
let authorization: string;
beforeEach(async () => {
  doors = await GuardedDoors.open({ ...CONFIG, usesPermissions: false, usesResources: true });
  for (const id of ['mac-01', 'mac-02']) await doors.house.tell(join(id));
  await doors.house.tell(push('v1', 'a'));
  await doors.house.tell(push('v1', 'b', { templateId: OTHER_ID, name: 'other' }));
  await grant('controller', { id: 'mac-01', type: 'node', permissions: ['list', 'change_config'] });
  await grant('registry', { id: TEMPLATE_ID, type: 'template', permissions: ['list', 'pull'] });
  await doors.makeKey('ci', ['team']);
  authorization = await doors.session('ci');
});
afterEach(() => doors.close());

/** Adds to what the group may do. */
async function grant(store: AccessStore, ...resources: ResourceGrant[]): Promise<void> {
  const grantee = { kind: 'group', name: 'team' } as const;
  const before = (await doors.house.access.permissionGroup(grantee, store))?.resources ?? [];
  await doors.house.tell({
    ...{ type: 'SetResourcePermissions', store, grantee },
    resources: [...before, ...resources],
  });
}

interface Told {
  readonly message: string;
  readonly body: readonly { readonly node_id?: string; readonly id?: string }[];
}
const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, as = authorization) =>
  doors.call(method, `/api/v1/${path}`, { authorization: as, ...(body && { body }) });

describe('who may touch only some nodes and templates', () => {
  it('sees those, and no others', async () => {
    const nodes = (await ask('GET', 'node')).json<Told>().body;
    expect(nodes.map((node) => node.node_id)).toEqual(['mac-01']);
    expect((await ask('GET', 'registry/vm')).json<Told>().body.map(({ id }) => id)).toEqual([TEMPLATE_ID]);
    expect((await ask('GET', 'node?id=mac-02')).json<Told>().message).toBe('Not found');
    expect((await ask('GET', `registry/vm?id=${OTHER_ID}`)).json<Told>().message).toBe('Not found');
  });

  it('changes them as granted, and gets 403 for anything else', async () => {
    expect((await ask('POST', 'node/config', { node_id: 'mac-01', drain_mode: true })).statusCode).toBe(200);
    expect((await ask('POST', 'node/config', { node_id: 'mac-02', drain_mode: true })).statusCode).toBe(403);
    expect((await ask('DELETE', 'node', { node_id: 'mac-01' })).statusCode).toBe(403);
    expect((await ask('DELETE', `registry/vm?id=${TEMPLATE_ID}`)).statusCode).toBe(403);
  });

  it('saves into them, and takes versions back, only as granted', async () => {
    const save = async (tag: string, more: object = {}) =>
      (await ask('POST', 'image', { id: 'nope', tag, target_vm_id: TEMPLATE_ID, ...more })).statusCode;
    expect([await save('a'), (await ask('DELETE', `registry/revert?id=${TEMPLATE_ID}`)).statusCode]).toEqual([
      403, 403,
    ]);
    await grant('registry', { id: TEMPLATE_ID, type: 'template', permissions: ['save_image'] });
    expect([await save('a'), await save('a', { revert_before_push: true })]).toEqual([200, 403]);
    await grant('registry', { id: TEMPLATE_ID, type: 'template', permissions: ['delete_revert'] });
    expect(await save('a', { revert_before_push: true })).toBe(200);
    expect((await ask('DELETE', `registry/revert?id=${TEMPLATE_ID}`)).statusCode).toBe(200);
  });

  it('starts VMs of them for a permission group, and never on a group of nodes', async () => {
    const start = async (more: object) => (await ask('POST', 'vm', { vmid: TEMPLATE_ID, ...more })).statusCode;
    expect(await start({ group: 'team' })).toBe(200);
    expect(await start({})).toBe(400);
    expect(await start({ group: 'team', group_id: 'some' })).toBe(400);
    expect(await start({ group: 'team', vmid: OTHER_ID })).toBe(403);
    expect(await start({ group: 'team', node_id: 'mac-02' })).toBe(403);
  });

  it('does not push to them unless granted', async () => {
    const disk = Buffer.from('a disk');
    const { digest, sizeBytes } = await doors.house.blobs.put(disk);
    const body = {
      name: 'macos',
      templateId: TEMPLATE_ID,
      arch: 'arm64',
      tag: 'v2',
      cpu: 1,
      memoryMiB: 128,
      disk: { digest, sizeBytes },
    };
    const pushed = () => doors.call('POST', '/api/v2/templates', { authorization, body });
    expect((await pushed()).statusCode).toBe(403);
    await grant('registry', { id: TEMPLATE_ID, type: 'template', permissions: ['push_tag'] });
    expect((await pushed()).statusCode).toBe(201);
  });

  it('sees instances, saves and distributions of its templates alone, and ends none of the others', async () => {
    const root = basic('root', ROOT_TOKEN);
    const made = async (path: string, body: object) =>
      (await ask('POST', path, { group: 'team', ...body }, root)).json<{ body: unknown }>().body;
    const [own] = (await made('vm', { vmid: TEMPLATE_ID })) as string[];
    const [foreign] = (await made('vm', { vmid: OTHER_ID })) as string[];
    const { request_id: theirs } = (await made('registry/vm/distribute', { template_id: OTHER_ID })) as {
      request_id: string;
    };
    const { request_id: ours } = (await made('registry/vm/distribute', { template_id: TEMPLATE_ID })) as {
      request_id: string;
    };
    const listed = (await ask('GET', 'vm')).json<{ body: { instance_id: string }[] }>().body;
    expect(listed.map((instance) => instance.instance_id)).toEqual([own]);
    expect((await ask('GET', `vm?id=${foreign}`)).json<Told>().message).toBe('Not found');
    expect((await ask('DELETE', 'vm', { id: foreign })).json<Told>().message).toBe('Not found');
    expect((await ask('DELETE', `registry/vm/distribute?id=${theirs}`)).json<Told>().message).toBe('Not found');
    const distributions = (await ask('GET', 'registry/vm/distribute')).json<{ body: object[] }>().body;
    expect(distributions).toMatchObject([{ request: { request_id: ours } }]);
    expect(JSON.stringify(distributions)).not.toContain('mac-02');
    expect((await ask('DELETE', 'vm', { id: own })).statusCode).toBe(200);
  });

  it('means its own nodes by all nodes', async () => {
    await grant('controller', { id: 'mac-01', type: 'node', permissions: ['distribute'] });
    const asked = await ask('POST', 'registry/vm/distribute', { template_id: TEMPLATE_ID, group: 'team' });
    const { request_id: id } = asked.json<{ body: { request_id: string } }>().body;
    const seen = await ask('GET', `registry/vm/distribute?id=${id}`, undefined, basic('root', ROOT_TOKEN));
    const { distribute_status: rows } = seen.json<{ body: { distribute_status: object } }>().body;
    expect(Object.keys(rows)).toEqual(['mac-01']);
  });

  it('is told of its own nodes alone when a template leaves all nodes', async () => {
    await grant('controller', { id: 'mac-01', type: 'node', permissions: ['delete_template'] });
    await grant('controller', { id: 'mac-02', type: 'node', permissions: ['list'] });
    await grant('registry', { id: TEMPLATE_ID, type: 'template', permissions: ['delete'] });
    for (const nodeId of ['mac-01', 'mac-02'])
      await doors.house.tell({ type: 'ReportTemplatePulled', nodeId, templateId: TEMPLATE_ID, tag: 'v1' });
    const answer = await ask('DELETE', `registry/vm/remove?id=${TEMPLATE_ID}`);
    expect(answer.json<{ body: object }>().body).toEqual({ requests_sent: 1, node_ids: ['mac-01'] });
  });

  it('is never root', async () => {
    const nodes = (await ask('GET', 'node', undefined, basic('root', ROOT_TOKEN))).json<Told>().body;
    expect(nodes.map((node) => node.node_id)).toEqual(['mac-01', 'mac-02']);
  });
});
