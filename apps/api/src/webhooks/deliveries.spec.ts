import { samples } from '../../../../libs/domain/src/testing/index.js';
import { replay } from './replay.js';
import { doorsOfSpec } from './testing/webhook-doors.contract.js';

const doors = doorsOfSpec();
const { call } = doors;
let id: string;
beforeEach(async () => {
  id = await doors.create({ types: ['template.*'] });
  for (const template of ['t', 'u', 'v']) await doors.house.tell(samples.push(template));
});

const sequences = async (list: string): Promise<unknown> =>
  (await call('GET', `/${id}/${list}`)).body.items.map((item) => (item as unknown as { sequence: number }).sequence);
const take = (sequence: number): void => doors.house.webhookStore.settle(id, sequence);
const giveUp = (sequence: number): void =>
  doors.house.webhookStore.settle(id, sequence, { state: 'dead', attempts: 10, lastError: 'answered 500' });

describe('what is still to be sent', () => {
  it('is told in the order of the log, page by page', async () => {
    const first = await call('GET', `/${id}/outstanding?limit=2`);
    expect(first.body.items).toMatchObject([
      { sequence: 2, type: 'PushTemplate', attempts: 0, eventId: expect.stringContaining(':0') },
      { sequence: 3 },
    ]);
    const second = await call('GET', `/${id}/outstanding?cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ items: [{ sequence: 4 }] });
    expect(second.body.next).toBeUndefined();
    expect((await call('GET', `/${id}/dead-letters?cursor=${first.body.next}`)).code).toBe(400);
  });

  it('is counted, with the age of the oldest', async () => {
    await doors.house.pass(1000);
    giveUp(3);
    const oldestAt = new Date(doors.house.clock.now() - 1000).toISOString();
    expect((await call('GET', `/${id}`)).body).toMatchObject({ outstanding: 2, dead: 1, oldestAt });
  });
});

describe('dead letters', () => {
  it('are listed apart, tried again, or dropped', async () => {
    [2, 3, 4].forEach(giveUp);
    expect([await sequences('outstanding'), await sequences('dead-letters')]).toEqual([[], [2, 3, 4]]);
    expect((await call('GET', `/${id}/dead-letters`)).body.items[0]).toMatchObject({ lastError: 'answered 500' });
    expect((await call('POST', `/${id}/dead-letters/replay`, { sequences: [3, 9] })).body).toEqual({ count: 1 });
    expect(doors.house.woken).toEqual([id]);
    expect((await call('GET', `/${id}/outstanding`)).body.items).toMatchObject([{ sequence: 3, attempts: 0 }]);
    expect((await call('POST', `/${id}/dead-letters/drop`, { sequences: [2] })).body).toEqual({ count: 1 });
    expect((await call('POST', `/${id}/dead-letters/drop`)).body).toEqual({ count: 1 });
    expect([await sequences('outstanding'), await sequences('dead-letters')]).toEqual([[3], []]);
    expect((await call('POST', `/${id}/dead-letters/drop`, { sequences: [] })).code).toBe(400);
  });
});

describe('a replay', () => {
  beforeEach(() => [2, 3, 4].forEach(take));

  it('of one event sends it again, matching or not', async () => {
    expect((await call('POST', `/${id}/deliveries/1/replay`)).body).toEqual({ count: 1 });
    expect((await call('POST', `/${id}/deliveries/3/replay`)).body).toEqual({ count: 1 });
    expect(await sequences('outstanding')).toEqual([1, 3]);
    expect(doors.house.woken).toEqual([id, id]);
    for (const sequence of ['99', '0', 'x'])
      expect(await call('POST', `/${id}/deliveries/${sequence}/replay`)).toMatchObject({
        code: 404,
        body: { code: 'EVENT_UNKNOWN' },
      });
  });

  it.each<[string, object, number[]]>([
    ['from a sequence on', { from: 3 }, [3, 4]],
    ['between two sequences', { from: 1, to: 3 }, [2, 3]],
    ['from a time on', { from: '2026-03-01T10:00:00Z' }, [2, 3, 4]],
    ['until a time', { from: 1, to: '2026-03-01T09:59:59Z' }, []],
  ])('%s sends what matches', async (_, stretch, expected) => {
    const { code, body } = await call('POST', `/${id}/replay`, stretch);
    expect([code, body]).toEqual([200, { count: expected.length }]);
    expect(await sequences('outstanding')).toEqual(expected);
  });

  it('goes so far in one call, and says where the next one goes on', async () => {
    const endpoint = await doors.house.webhooks.mustGet(id);
    const parts = { store: doors.house.webhookStore, archive: doors.house.archive };
    const most = { queued: 2, lookedAt: 100 };
    expect(await replay(parts, endpoint, {}, most)).toEqual({ count: 2, next: 4 });
    expect(await replay(parts, endpoint, { from: { sequence: 4 } }, most)).toEqual({ count: 1, next: undefined });
  });

  it.each([{}, { from: 0 }, { from: 'yesterday' }, { from: 1, to: null, x: 1 }])('%j is no stretch', async (body) => {
    expect((await call('POST', `/${id}/replay`, body)).code).toBe(400);
  });
});

describe('the log of deliveries', () => {
  const attempt = {
    endpointId: '',
    eventId: 'e',
    type: 'PushTemplate',
    attempt: 1,
    latencyMs: 3,
    request: 'POST',
    response: '',
  };
  beforeEach(async () => {
    const { noteAttempt } = doors.house.webhookStore;
    for (const [at, sequence, outcome] of [
      [1000, 2, 'failed'],
      [2000, 2, 'delivered'],
      [3000, 3, 'delivered'],
    ] as const)
      await noteAttempt.call(doors.house.webhookStore, { ...attempt, endpointId: id, at, sequence, outcome });
  });

  it.each<[string, number[]]>([
    ['', [3, 2, 2]],
    ['?outcome=failed', [2]],
    ['?sequence=2', [2, 2]],
    ['?type=muster.template.PushTemplate', [3, 2, 2]],
    ['?type=VMStarted', []],
    ['?since=1970-01-01T00:00:02Z', [3, 2]],
    ['?until=1970-01-01T00:00:02Z', [2]],
  ])('asked for with "%s" tells so much of it', async (query, expected) => {
    expect(await sequences(`deliveries${query}`)).toEqual(expected);
  });

  it('comes in pages, newest first', async () => {
    const first = await call('GET', `/${id}/deliveries?limit=2&outcome=delivered`);
    expect(first.body.items).toMatchObject([{ sequence: 3, at: '1970-01-01T00:00:03.000Z' }, { sequence: 2 }]);
    expect(first.body.next).toBeUndefined();
    const all = await call('GET', `/${id}/deliveries?limit=1`);
    expect(await sequences(`deliveries?limit=2&cursor=${all.body.next}`)).toEqual([2, 2]);
    expect((await call('GET', `/${id}/deliveries?outcome=lost`)).code).toBe(400);
  });
});

it('What is asked of deliveries of a webhook that is not there is unknown', async () => {
  for (const path of ['deliveries', 'outstanding', 'dead-letters'])
    expect((await call('GET', `/nobody/${path}`)).code).toBe(404);
  for (const path of ['deliveries/2/replay', 'replay', 'dead-letters/replay', 'dead-letters/drop'])
    expect((await call('POST', `/nobody/${path}`, { from: 1 })).code).toBe(404);
});
