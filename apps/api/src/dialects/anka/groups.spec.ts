import { join, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import type { House } from '../../testing/house.contract.js';
import { AnkaClient, idsOf, type Verb } from './anka-client.contract.js';

let client: AnkaClient;
let house: House;
let call: AnkaClient['call'];
beforeEach(async () => {
  client = await AnkaClient.open();
  house = client.house;
  call = client.call.bind(client);
});
afterEach(() => client.close());

const make = async (name: string, body: object = {}): Promise<string> =>
  ((await call('POST', 'group', { name, ...body })).body as { id: string }).id;
const groupsOf = async (nodeId: string): Promise<string[]> => {
  const [node] = (await call('GET', `node?id=${nodeId}`)).body as { groups?: { name: string }[] }[];
  return (node?.groups ?? []).map(({ name }) => name);
};

describe('groups', () => {
  it('are listed in the order of their making, whatever happens to them', async () => {
    const ids = [];
    for (const name of ['zebra', 'ant', 'mole']) ids.push(await make(name));
    await call('PUT', `group?id=${ids[0]}`, { description: 'striped' });
    const names = ((await call('GET', 'group')).body as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['zebra', 'ant', 'mole']);
  });

  it('keep what a change does not name, and lose their fallback to a null or an empty text', async () => {
    const spare = await make('spare');
    const id = await make('ios', { description: 'phones', fallback_group_id: spare });
    const shown = async () => ((await call('GET', 'group')).body as object[])[1];
    await call('PUT', `group?id=${id}`, { name: 'ipad' });
    expect(await shown()).toEqual({ id, name: 'ipad', description: 'phones', fallback_group_id: spare });
    for (const none of [null, '']) {
      await call('PUT', `group?id=${id}`, { fallback_group_id: 'spare' });
      expect(await shown()).toMatchObject({ fallback_group_id: spare });
      await call('PUT', `group?id=${id}`, { fallback_group_id: none });
      expect(await shown()).toMatchObject({ fallback_group_id: null });
    }
  });

  it('leave nodes, fallbacks and nothing else when they are deleted', async () => {
    const id = await make('ios');
    await make('other', { fallback_group_id: id });
    await call('POST', 'node/group', { group_ids: [id], node_ids: ['mac-01'] });
    expect((await call('DELETE', `group?id=${id}`)).text).toBe('{"status":"OK","message":""}\n');
    expect((await call('GET', 'group')).body).toMatchObject([{ name: 'other', fallback_group_id: null }]);
    expect((await call('GET', 'node?id=mac-01')).text).not.toContain('"groups"');
  });

  it('take and lose all nodes that one request names', async () => {
    await house.tell(join('mac-02'));
    await make('ios');
    await make('spare');
    const body = { group_ids: ['spare', 'ios'], node_ids: ['mac-01', 'mac-02'] };
    expect((await call('POST', 'node/group', body)).status).toBe('OK');
    for (const nodeId of body.node_ids) expect(await groupsOf(nodeId)).toEqual(['ios', 'spare']);
    expect((await call('DELETE', 'node/group', { ...body, group_ids: ['ios'] })).status).toBe('OK');
    for (const nodeId of body.node_ids) expect(await groupsOf(nodeId)).toEqual(['spare']);
  });

  it('are named by id or name in a start; an id goes before a name, and of two names the older counts', async () => {
    const first = await make('ios');
    await make('ios');
    await make(first);
    for (const group_id of ['ios', first]) {
      const [id = ''] = idsOf(await client.start({ group_id }));
      expect((await call('GET', `vm?id=${id}`)).body).toMatchObject({ group_id: first });
    }
    expect((await call('GET', `vm?id=${await client.started()}`)).text).not.toContain('group_id');
  });

  it('are the same group when the request is repeated with its key', async () => {
    const key = { 'idempotency-key': 'make-ios' };
    const first = await call('POST', 'group', { name: 'ios' }, key);
    expect((await call('POST', 'group', { name: 'ios' }, key)).text).toBe(first.text);
    expect((await call('GET', 'group')).body).toHaveLength(1);
  });

  it.each<[Verb, string, object | undefined, number, string]>([
    ['PUT', 'group?id=nope', { name: 'x' }, 200, 'Not found'],
    ['DELETE', 'group?id=nope', undefined, 200, 'Not found'],
    ['POST', 'node/group', { group_ids: ['nope'], node_ids: ['mac-01'] }, 200, 'Not found'],
    ['POST', 'node/group', { group_ids: ['ios'], node_ids: ['nope'] }, 200, 'Not found'],
    ['POST', 'vm', { vmid: TEMPLATE_ID, group_id: 'nope' }, 400, 'No such group nope'],
    ['POST', 'group', {}, 400, 'name must be a string of 1 to 256 characters'],
    ['POST', 'group', { name: '' }, 400, 'name must be a string of 1 to 256 characters'],
    [
      'POST',
      'group',
      { name: 'x', fallback_group_id: 'nope' },
      400,
      'fallback_group_id must be the id or name of a group',
    ],
    ['PUT', 'group', { name: 'x' }, 400, 'id must be given'],
    ['DELETE', 'group', undefined, 400, 'id must be given'],
    ['POST', 'node/group', { node_ids: ['mac-01'] }, 400, 'group_ids must be an array of 1 to 1000 strings'],
    ['POST', 'node/group', { group_ids: ['ios'] }, 400, 'node_ids must be an array of 1 to 9000 strings'],
    [
      'DELETE',
      'node/group',
      { group_ids: 'ios', node_ids: [7] },
      400,
      'group_ids must be an array of 1 to 1000 strings; node_ids must be an array of 1 to 9000 strings',
    ],
  ])('%s %s %j: %i %s', async (method, path, body, code, message) => {
    await make('ios');
    expect(await call(method, path, body)).toMatchObject({ code, status: 'FAIL', message });
  });

  it('close no circle', async () => {
    const id = await make('a');
    await make('b', { fallback_group_id: 'a' });
    const answer = await call('PUT', `group?id=${id}`, { fallback_group_id: 'b' });
    expect([answer.code, answer.message]).toEqual([400, expect.stringContaining('fallback_group_id closes a circle')]);
  });
});

describe('what the whole fleet is asked', () => {
  it('to update itself is accepted', async () => {
    expect((await call('PUT', 'node/update')).text).toBe('{"status":"OK","message":""}\n');
  });

  it('stats: how many requests were accepted lately and how long instances wait', async () => {
    expect((await call('GET', 'stats')).body).toMatchObject({ average_queue_time: 0, queue_length: 0 });
    await client.start({ count: 4 });
    await house.clock.advanceBy(10_000);
    await client.start();
    await house.clock.advanceBy(5_000);
    // Two find room on the node; two wait for 15 s and one for 5 s.
    const stats = (await call('GET', 'stats')).body as { tasks_per_second: number };
    expect(stats).toMatchObject({ average_queue_time: 11.667, queue_length: 3 });
    expect(stats.tasks_per_second).toBeGreaterThan(0);
    await house.clock.advanceBy(60_000);
    expect((await call('GET', 'stats')).body).toMatchObject({ tasks_per_second: 0, average_queue_time: 71.667 });
  });
});
