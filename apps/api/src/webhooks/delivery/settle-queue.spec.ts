import { Unavailable } from '#events';
import { VirtualClock } from '#events/testing';
import { Lane } from './lane/lane.js';
import { MAX_ASIDE } from './lane/aside.js';
import { DROPPED_AGAIN_MS, SettleQueue } from './settle-queue.js';
import type { Due, Settlement } from './store/delivery-store.js';
import { MemoryDeliveryStore } from './store/memory-delivery-store.js';
import { endpointOf } from './store/store-under-test.contract.js';

const MANY = 500;
const RULES = { retryScheduleMs: [100, 500_000], disableAfterMs: 0 };
const yes = { outcome: 'delivered', status: 200, latencyMs: 1, request: 'POST', response: 'ok' } as const;
const dueOf = (sequence: number): Due => ({
  ...{ endpointId: 'a', sequence, eventId: `e${sequence}`, type: 'T', attempts: 0, inMs: 0, body: '{}' },
});
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

let clock: VirtualClock;
let store: MemoryDeliveryStore;
let lane: Lane;
let queue: SettleQueue;
let told: string[];
/** Sizes of what the store was given. */
let asked: number[];
let away: boolean;

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  store = new MemoryDeliveryStore(clock);
  [told, asked, away] = [[], [], false];
  store.put(endpointOf('a', { concurrency: 600 }));
  const [seat] = await store.take('w', 1, 1_000_000);
  lane = new Lane(seat ?? fail(), RULES, clock.now());
  const settle = async (worker: string, settlements: readonly Settlement[]): Promise<void> => {
    asked.push(settlements.length);
    if (away) throw new Unavailable('postgres', 'away');
    return store.settle(worker, settlements);
  };
  const onFault = (error: unknown): void => void told.push((error as Error).message);
  queue = new SettleQueue({ store: { settle }, clock, worker: 'w', onFault, onRoom: () => undefined });
});

function fail(): never {
  throw new Error('there is no seat');
}

/** So many are sent, and come back with this. */
async function attempted(count: number, result: Parameters<Lane['finish']>[1] = yes): Promise<void> {
  const events = upTo(count).map((sequence) => ({ sequence, eventId: `e${sequence}`, type: 'T', body: '{}' }));
  store.enqueue('a', events);
  lane.offer(upTo(count).map(dueOf), clock.now());
  for (let sent = lane.next(clock.now()); sent !== undefined; sent = lane.next(clock.now()))
    queue.add(lane, lane.finish(sent, result, clock.now(), 0.5));
  await clock.advanceBy(1_000);
}

describe('results that the store rejects', () => {
  it('do not hold up the others: the bad one is found by halves, and is kept without its texts', async () => {
    store.rejects = ({ sequence, note }) => sequence === 317 && note?.response !== '';
    await attempted(MANY);
    expect(store.waiting('a')).toEqual([]);
    expect(store.attempts).toHaveLength(MANY);
    expect(store.attempts.find(({ sequence }) => sequence === 317)).toMatchObject({ request: '', response: '' });
    expect(store.attempts.filter(({ response }) => response === 'ok')).toHaveLength(MANY - 1);
    expect([told, lane.held]).toEqual([[], []]);
    expect(asked.length).toBeLessThan(40);
  });

  it('are dropped when they are bad without texts, too; told once, and the delivery is fetched again after a while', async () => {
    store.rejects = ({ sequence }) => sequence === 3;
    await attempted(10);
    expect([store.waiting('a'), lane.held, lane.isQuiet]).toEqual([[3], [3], true]);
    expect(told).toEqual([expect.stringMatching(/delivery 3 to webhook a cannot be written down.*a rule says no/)]);
    const questions = asked.length;
    await clock.advanceBy(DROPPED_AGAIN_MS / 2);
    expect([asked.length, lane.takeRetry(clock.now()), lane.held]).toEqual([questions, false, [3]]);
    await clock.advanceBy(DROPPED_AGAIN_MS / 2);
    expect([lane.nextRetryAt <= clock.now(), lane.takeRetry(clock.now()), lane.held]).toEqual([true, true, []]);
    expect(lane.nextRetryAt).toBe(Infinity);
  });

  it('wait at least as long as the next attempt would have', async () => {
    store.rejects = () => true;
    lane.offer([{ ...dueOf(1), attempts: 1 }], clock.now());
    const sent = lane.next(clock.now()) ?? fail();
    queue.add(lane, lane.finish(sent, { ...yes, outcome: 'failed', status: 500 }, clock.now(), 0.5));
    await clock.advanceBy(400_000);
    lane.takeRetry(clock.now());
    expect(lane.held).toEqual([1]);
    await clock.advanceBy(300_000);
    lane.takeRetry(clock.now());
    expect(lane.held).toEqual([]);
  });

  it('are not collected without end: with too many of them nothing more is fetched', async () => {
    store.rejects = () => true;
    await attempted(MAX_ASIDE - 1);
    expect(lane.room).toBeGreaterThan(0);
    store.enqueue('a', [{ sequence: 999, eventId: 'e', type: 'T', body: '{}' }]);
    lane.offer([dueOf(999)], clock.now());
    queue.add(lane, lane.finish(lane.next(clock.now()) ?? fail(), yes, clock.now(), 0.5));
    await clock.advanceBy(1_000);
    expect(lane.room).toBe(0);
    await clock.advanceBy(DROPPED_AGAIN_MS);
    lane.takeRetry(clock.now());
    expect(lane.room).toBeGreaterThan(0);
  });

  it('are offered no more often while the store is away in the middle of it, and what was kept is not kept twice', async () => {
    store.rejects = ({ sequence, note }) => sequence === 9 && note?.response !== '';
    const keep = store.settle.bind(store);
    let turns = 0;
    store.settle = async (...given) => {
      if ((turns += 1) === 5) throw new Unavailable('postgres', 'away for once');
      return keep(...given);
    };
    await attempted(20);
    expect(told).toEqual(['away for once']);
    expect(store.attempts.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(upTo(20));
    expect(store.waiting('a')).toEqual([]);
  });

  it('are told apart from a store that is away: nothing is halved or dropped for that', async () => {
    away = true;
    await attempted(10);
    expect(new Set(asked)).toEqual(new Set([10]));
    away = false;
    await clock.advanceBy(10_000);
    expect([store.waiting('a'), lane.held]).toEqual([[], []]);
  });
});
