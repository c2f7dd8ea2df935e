import { join, push, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, type Verb } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let call: AnkaClient['call'];
beforeEach(async () => {
  client = await AnkaClient.open();
  house = client.house;
  call = client.call.bind(client);
  await house.tell(join('mac-02'));
  await house.tell(join('pc-01', { facts: { arch: 'amd64' } }));
});
afterEach(() => client.close());

interface Shown {
  readonly request: { readonly request_id: string; readonly tag: string };
  readonly distribute_status: Record<string, { status: boolean; progress: number; error?: string }>;
}
const distribute = async (body: object = {}): Promise<string> => {
  const answer = await call('POST', 'registry/vm/distribute', { template_id: TEMPLATE_ID, ...body });
  return (answer.body as { request_id: string }).request_id;
};
const shown = async (id: string): Promise<Shown> => (await call('GET', `registry/vm/distribute?id=${id}`)).body;
const pulled = (nodeId: string) =>
  house.tell({ type: 'ReportTemplatePulled', nodeId, templateId: TEMPLATE_ID, tag: 'v1' });

describe('a distribution', () => {
  it('has every node at once, with a boolean, and ends for each of them', async () => {
    await pulled('mac-02');
    const id = await distribute();
    expect((await shown(id)).distribute_status).toMatchObject({
      'mac-01': { status: false, progress: 0 },
      'mac-02': { status: true, progress: 1 },
      'pc-01': { status: false, progress: 0, error: 'the node has another architecture than the template' },
    });
    const of = { nodeId: 'mac-01', distributionId: id };
    await house.tell({ type: 'ReportTemplatePullProgress', ...of, progress: 1 });
    expect((await shown(id)).distribute_status['mac-01']).toMatchObject({ status: false, progress: 0.99 });
    await pulled('mac-01');
    expect((await shown(id)).distribute_status['mac-01']).toMatchObject({ status: true, progress: 1 });
  });

  it('tells the error of a node that cannot pull', async () => {
    const id = await distribute({ node_ids: ['mac-01'] });
    await house.tell({ type: 'ReportTemplatePullFailed', nodeId: 'mac-01', distributionId: id, message: 'disk full' });
    expect((await shown(id)).distribute_status).toEqual({
      'mac-01': { status: false, progress: 0, error: 'disk full', ts: expect.any(String) },
    });
  });

  it('goes to the nodes of a group, named by id or name', async () => {
    const { id: group } = (await call('POST', 'group', { name: 'ios' })).body as { id: string };
    await call('POST', 'node/group', { group_ids: [group], node_ids: ['mac-02'] });
    for (const group_id of [group, 'ios'])
      expect(Object.keys((await shown(await distribute({ group_id }))).distribute_status)).toEqual(['mac-02']);
  });

  it('brings the tag or the version number that is named, else the latest', async () => {
    await house.tell(push('v2', 'b'));
    const tags = [];
    for (const body of [{}, { tag: 'v1' }, { version: '0' }])
      tags.push((await shown(await distribute(body))).request.tag);
    expect(tags).toEqual(['v2', 'v1', 'v1']);
  });

  it('that is cancelled says so for what had not ended, and stays listed', async () => {
    await pulled('mac-02');
    const id = await distribute();
    expect((await call('DELETE', `registry/vm/distribute?id=${id}`)).text).toBe('{"status":"OK","message":""}\n');
    const listed = (await call('GET', 'registry/vm/distribute')).body as Shown[];
    expect(listed).toHaveLength(1);
    expect(listed[0]?.distribute_status).toMatchObject({
      'mac-01': { status: false, error: 'request canceled' },
      'mac-02': { status: true },
    });
  });

  it.each<[Verb, string, object | undefined, number, string]>([
    ['GET', 'registry/vm/distribute?id=nope', undefined, 200, 'Not found'],
    ['DELETE', 'registry/vm/distribute?id=nope', undefined, 200, 'Not found'],
    ['DELETE', 'registry/vm/distribute', undefined, 400, 'id must be given'],
    ['POST', 'registry/vm/distribute', {}, 400, 'template_id must be a string of 1 to 4096 characters'],
    ['POST', 'registry/vm/distribute', { template_id: 'nope' }, 400, 'VM not in the registry'],
    ['POST', 'registry/vm/distribute', { template_id: TEMPLATE_ID, tag: 'v9' }, 200, 'No such tag v9'],
    ['POST', 'registry/vm/distribute', { template_id: TEMPLATE_ID, node_ids: ['nope'] }, 400, 'No such node nope'],
    ['POST', 'registry/vm/distribute', { template_id: TEMPLATE_ID, group_id: 'nope' }, 400, 'No such group nope'],
    [
      'POST',
      'registry/vm/distribute',
      { template_id: TEMPLATE_ID, node_ids: 'a' },
      400,
      'node_ids must be an array of at most 9000 strings',
    ],
    ['DELETE', 'registry/vm/remove', undefined, 400, 'id must be given'],
    ['DELETE', 'registry/vm/remove?id=nope', undefined, 200, 'Not found'],
    ['DELETE', `registry/vm/remove?id=${TEMPLATE_ID}`, { node_ids: ['nope'] }, 200, 'Not found'],
  ])('%s %s %j: %i %s', async (method, path, body, code, message) => {
    expect(await call(method, path, body)).toMatchObject({ code, status: 'FAIL', message });
  });
});

describe('DELETE registry/vm/remove', () => {
  it('tells the nodes that have the template, all or those named, and says which', async () => {
    for (const nodeId of ['mac-01', 'mac-02']) await pulled(nodeId);
    const one = await call('DELETE', `registry/vm/remove?id=${TEMPLATE_ID}`, { node_ids: ['mac-02', 'pc-01'] });
    expect(one.body).toEqual({ requests_sent: 1, node_ids: ['mac-02'] });
    const removals = (nodeId: string) => house.cluster.nodes.get(nodeId as never)?.removals.size;
    expect([removals('mac-01'), removals('mac-02')]).toEqual([0, 1]);
    const all = await call('DELETE', `registry/vm/remove?id=${TEMPLATE_ID}`);
    expect(all.body).toEqual({ requests_sent: 2, node_ids: ['mac-01', 'mac-02'] });
  });

  it('has nothing to do where nobody has it', async () => {
    const answer = await call('DELETE', `registry/vm/remove?id=${TEMPLATE_ID}`, {});
    expect(answer.body).toEqual({ requests_sent: 0, node_ids: [] });
  });
});

test('GET registry/disk tells the room for templates in bytes', async () => {
  const { freeBytes: free, totalBytes: total } = await house.blobs.room();
  expect((await call('GET', 'registry/disk')).body).toEqual({ free, total });
});
