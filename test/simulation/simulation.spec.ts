import { readFileSync } from 'node:fs';
import { audit } from './audit/audit.js';
import { World, type WorldPlan } from './world.js';

const PLAN: Omit<WorldPlan, 'seed'> = {
  nodes: 4,
  capacity: 4,
  clients: 6,
  requestsPerClient: 30,
  chaosMs: 60_000,
  calmMs: 420_000,
  faultEveryMs: 1200,
  failureRate: 0.1,
};

/** Seeds that once found something; they run for ever. Others come from `SIM_SEEDS` (a count) and `SIM_FIRST` (the first). */
const kept = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(Number);
const count = Number(process.env['SIM_SEEDS'] ?? 40);
const first = Number(process.env['SIM_FIRST'] ?? 1);
const seeds = [...new Set([...kept, ...Array.from({ length: count }, (_, n) => first + n)])];

describe('a fleet in trouble keeps every law', () => {
  it.each(seeds)(
    'seed %i',
    async (seed) => {
      const world = new World({ seed, ...PLAN });
      await world.run();
      expect(await audit(world)).toEqual([]);
      await world.end();
    },
    60_000,
  );
});

describe('the simulation', () => {
  it('is the same world for the same seed', async () => {
    const once = await eventsOf(7);
    expect(once.length).toBeGreaterThan(50);
    expect(await eventsOf(7)).toEqual(once);
  });

  it('is another world for another seed', async () => expect(await eventsOf(8)).not.toEqual(await eventsOf(9)));
});

async function eventsOf(seed: number): Promise<unknown[]> {
  const world = new World({ seed, ...PLAN });
  await world.run();
  const events = world.events();
  await world.end();
  return events;
}
