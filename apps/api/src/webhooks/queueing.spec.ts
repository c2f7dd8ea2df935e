import { samples } from '../../../../libs/domain/src/testing/index.js';
import { doorsOfSpec } from './testing/webhook-doors.contract.js';

const doors = doorsOfSpec();
const { call, create } = doors;

const { join, push, start } = { join: samples.joins, push: samples.push, start: samples.start };
const queuedFor = async (id: string): Promise<string[]> =>
  (await doors.house.webhookStore.outstanding({ endpointId: id, limit: 99 })).map(({ type }) => type);

describe('events for a webhook', () => {
  it('are those that match, from its making on', async () => {
    await doors.house.tell(join('n1'));
    const [all, vms, one] = [await create(), await create({ types: ['vm.*'] }), await create({ subjects: ['vm/a'] })];
    await doors.house.tell(push('t'));
    await doors.house.tell(start(['a', 'b'], 't'));
    expect(await queuedFor(all)).toEqual([
      ...['CreateWebhook', 'CreateWebhook', 'PushTemplate', 'StartVM', 'StartVM', 'VMScheduled', 'VMScheduled'],
    ]);
    expect(await queuedFor(vms)).toEqual(['StartVM', 'StartVM', 'VMScheduled', 'VMScheduled']);
    expect(await queuedFor(one)).toEqual(['StartVM', 'VMScheduled']);
  });

  it('are none while an operator has disabled it', async () => {
    const id = await create({ types: ['template.*'] });
    await call('PATCH', `/${id}`, { enabled: false });
    await doors.house.tell(push('t'));
    await call('PATCH', `/${id}`, { enabled: true });
    await doors.house.tell(push('u'));
    await doors.house.refillWebhooks();
    expect(await queuedFor(id)).toEqual(['PushTemplate']);
  });

  it('are all there once it is enabled again after it failed', async () => {
    const id = await create({ types: ['template.*'] });
    await doors.house.tell(push('t'));
    await doors.house.tell({ type: 'DisableWebhook', webhookId: id, reason: 'answered 500 for days' });
    expect((await call('GET', `/${id}`)).body).toMatchObject({
      enabled: false,
      disabledBy: 'delivery',
      disabledReason: 'answered 500 for days',
    });
    await doors.house.tell(push('u'));
    expect(await doors.house.refillWebhooks()).toEqual([]);
    await call('PATCH', `/${id}`, { enabled: true });
    await doors.house.tell(push('v'));
    expect(await queuedFor(id)).toEqual(['PushTemplate']);
    expect(await doors.house.refillWebhooks()).toEqual([id]);
    await doors.house.tell(push('w'));
    expect(await queuedFor(id)).toEqual(new Array(4).fill('PushTemplate'));
    expect((await call('GET', `/${id}`)).body).not.toHaveProperty('missedFrom');
  });
});
