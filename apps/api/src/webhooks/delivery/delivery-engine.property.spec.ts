import fc from 'fast-check';
import { VirtualClock } from '#events/testing';
import { type RunningEngine, runEngine } from './testing/engines.contract.js';
import { FaultySink, type Treatment } from './testing/faulty-sink.contract.js';
import { endpointOf } from './store/store-under-test.contract.js';
import { MemoryDeliveryStore } from './store/memory-delivery-store.js';

const SCHEDULE_MS = [100, 500, 1_000, 2_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000];
const CALM_LIMIT_MS = 120_000;
const ENDPOINTS = [
  endpointOf('plain'),
  endpointOf('single', { concurrency: 1 }),
  endpointOf('batched', { batchSize: 5 }),
  endpointOf('paced', { ratePerS: 20 }),
  endpointOf('strict', { ordered: true }),
  endpointOf('strict-batched', { ordered: true, batchSize: 4 }),
];
const bodyOf = (sequence: number): string => JSON.stringify({ sequence });

/** Uniform from 0 to 1, from a seed (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface World {
  readonly clock: VirtualClock;
  readonly store: MemoryDeliveryStore;
  readonly sink: FaultySink;
  readonly chance: () => number;
  engines: RunningEngine[];
  born: number;
}

function worldOf(seed: number, badness: number): World {
  const chance = chanceFrom(seed);
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const store = new MemoryDeliveryStore(clock);
  for (const endpoint of ENDPOINTS) store.put(endpoint);
  const treat = (): Treatment => {
    const latencyMs = chance() < 0.05 ? 3_000 : 2 + Math.floor(chance() * 40);
    if (chance() >= badness) return { latencyMs, answer: 'yes' };
    const answers = ['lost', 'refusing', 500, 503, 429] as const;
    const answer = answers[Math.floor(chance() * answers.length)] ?? 500;
    return { latencyMs, answer, ...(answer === 429 && { retryAfterMs: 700 }) };
  };
  return { clock, store, sink: new FaultySink(clock, treat), chance, engines: [], born: 0 };
}

function addEngine(world: World): void {
  const { clock, store, sink, chance } = world;
  const rules = { retryScheduleMs: SCHEDULE_MS, disableAfterMs: 0 };
  world.engines.push(runEngine({ store, sender: sink, clock, worker: `w${(world.born += 1)}`, rules, chance }));
}

/** Chaos: events come, receivers fail, processes die and are born. Returns the sequences of each endpoint. */
async function chaos(world: World, steps: number): Promise<number> {
  let sequence = 0;
  for (let step = 0; step < steps; step++) {
    const count = Math.floor(world.chance() * 12);
    const events = Array.from({ length: count }, () => {
      sequence += 1;
      return { sequence, eventId: `e${sequence}`, type: 'VMStarted', body: bodyOf(sequence) };
    });
    for (const { id } of ENDPOINTS) world.store.enqueue(id, events);
    if (world.chance() < 0.5) world.engines[0]?.engine.wake(ENDPOINTS.map(({ id }) => id));
    if (world.chance() < 0.06) world.engines.splice(0, 1)[0]?.kill();
    if (world.chance() < 0.05) void world.engines.splice(0, 1)[0]?.stop();
    if (world.engines.length === 0 || (world.engines.length < 3 && world.chance() < 0.1)) addEngine(world);
    await world.clock.advanceBy(Math.floor(world.chance() * 800));
  }
  return sequence;
}

async function calm(world: World): Promise<void> {
  world.sink.treat = () => ({ latencyMs: 2, answer: 'yes' });
  const until = world.clock.now() + CALM_LIMIT_MS;
  while (world.clock.now() < until && ENDPOINTS.some(({ id }) => world.store.waiting(id).length > 0))
    await world.clock.advanceBy(1_000);
}

describe('the delivery of events', () => {
  it('loses none and keeps strict order, whatever fails and dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.double({ min: 0, max: 0.6, noNaN: true }), async (seed, badness) => {
        const world = worldOf(seed, badness);
        addEngine(world);
        const last = await chaos(world, 40);
        await calm(world);
        for (const { id, ordered, concurrency } of ENDPOINTS) {
          const dead = world.store.waiting(id, 'dead');
          const first = world.sink.firstReceipts(id);
          expect({ id, waiting: world.store.waiting(id) }).toEqual({ id, waiting: [] });
          expect(new Set([...first, ...dead]).size).toBe(last);
          if (!ordered) continue;
          expect(dead).toEqual([]);
          expect(first).toEqual([...first].sort((a, b) => a - b));
          expect(concurrency).toBeGreaterThan(1);
        }
        for (const running of world.engines) await Promise.all([running.stop(), world.clock.advanceBy(10_000)]);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('keeps to the bounds of each endpoint', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const world = worldOf(seed, 0);
        addEngine(world);
        const events = Array.from({ length: 200 }, (_, index) => {
          return { sequence: index + 1, eventId: `e${index}`, type: 'VMStarted', body: bodyOf(index + 1) };
        });
        for (const { id } of ENDPOINTS) world.store.enqueue(id, events);
        await world.clock.advanceBy(5_000);
        const most = Object.fromEntries(world.sink.mostAtOnce);
        expect(most).toMatchObject({ plain: 4, single: 1, strict: 1, 'strict-batched': 1 });
        const paced = world.sink.arrivals.filter(({ endpointId }) => endpointId === 'paced');
        // One second's worth at once, and then 20 per second.
        expect(paced.length).toBeLessThanOrEqual(20 + 5 * 20 + 1);
        expect(paced.length).toBeGreaterThan(30);
        expect(Math.max(...world.sink.arrivals.map(({ sequences }) => sequences.length))).toBe(5);
        for (const running of world.engines) await Promise.all([running.stop(), world.clock.advanceBy(10_000)]);
      }),
      { numRuns: 5 },
    );
  }, 60_000);
});
