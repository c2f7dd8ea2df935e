import { keepMacPoolFilled } from './mac-fill.js';
import { House } from './testing/house.contract.js';

const RANGE = { from: '0a:00:00:00:00:01', to: '0a:00:00:00:00:02', fillEveryMs: 60_000 };
let house: House;
let stop: AbortController;
let troubles: string[];
beforeEach(() => {
  house = new House().begin();
  stop = new AbortController();
  troubles = [];
});
afterEach(() => house.end());

const keep = (fillEveryMs = RANGE.fillEveryMs) =>
  keepMacPoolFilled({ ...RANGE, fillEveryMs }, house.ask, house.clock, stop.signal, (trouble) =>
    troubles.push(trouble),
  );

describe('The pool of MAC addresses', () => {
  test('is filled at the start, and again after it was purged', async () => {
    const running = keep();
    await house.pass(0);
    expect(house.cluster.macPool).toMatchObject({ to: 0x0a00_0000_0002 });
    await house.tell({ type: 'PurgeMacPool' });
    await house.pass(RANGE.fillEveryMs);
    expect(await house.macPool.list()).toMatchObject([{ from: RANGE.from, to: RANGE.to }]);
    stop.abort();
    await running;
    expect(troubles).toEqual([]);
  });

  test('is filled soon after the control plane is there', async () => {
    house.pause();
    const running = keep();
    await house.pass(30_000);
    expect(troubles.length).toBeGreaterThan(0);
    house.resume();
    await house.pass(60_000);
    expect(house.cluster.macPool).toBeDefined();
    stop.abort();
    await running;
  });

  test('is left alone with an interval of 0', async () => {
    await keep(0);
    expect(house.cluster.macPool).toBeUndefined();
  });
});
