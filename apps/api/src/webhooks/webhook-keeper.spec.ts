import { samples } from '../../../../libs/domain/src/testing/index.js';
import { settled } from '#events/testing';
import { WebhookDoors } from './testing/webhook-doors.contract.js';
import { COUNT_EVERY_MS, REFILL_EVERY_MS, SWEEP_EVERY_MS, WebhookKeeper } from './webhook-keeper.js';

let doors: WebhookDoors;
let house: WebhookDoors['house'];
let id: string;
const troubles: string[] = [];
let sweeps = 0;
let fault: Error | undefined;
let keeper: WebhookKeeper;
const stop = new AbortController();

beforeAll(async () => {
  doors = await WebhookDoors.open();
  ({ house } = doors);
  id = await doors.create({ types: ['template.*'] });
  keeper = new WebhookKeeper({
    ...{ store: house.webhookStore, archive: house.archive, clock: house.clock },
    sweep: async () => {
      if (fault !== undefined) throw fault;
      sweeps++;
    },
    wake: (ids) => void house.woken.push(...ids),
    onTrouble: (trouble) => void troubles.push(trouble),
  });
  void keeper.run(stop.signal);
  await settled();
});
afterAll(async () => {
  stop.abort();
  await doors.close();
});

describe('the keeper of webhooks', () => {
  it('fills gaps, and says for whom something is due', async () => {
    await house.tell({ type: 'DisableWebhook', webhookId: id, reason: 'gone' });
    for (let n = 0; n < 3; n++) await house.tell(samples.push(`t${n}`));
    await doors.call('PATCH', `/${id}`, { enabled: true });
    await house.pass(REFILL_EVERY_MS);
    expect(house.woken).toEqual([id]);
    expect((await house.webhookStore.waiting(id)).due).toBe(3);
  });

  it('counts what waits', async () => {
    await house.pass(COUNT_EVERY_MS);
    expect(keeper.totals).toEqual({ due: 3, dead: 0, enabled: 1, disabled: 0, gaps: 0 });
  });

  it('sweeps, and tells of the same trouble once', async () => {
    expect(sweeps).toBe(1);
    fault = new Error('away');
    await house.pass(SWEEP_EVERY_MS);
    expect([sweeps, troubles]).toEqual([1, ['Error: away']]);
    fault = undefined;
    await house.pass(SWEEP_EVERY_MS);
    expect([sweeps, troubles.length]).toEqual([2, 1]);
  });
});
