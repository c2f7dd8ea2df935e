import { readFileSync } from 'node:fs';
import { audit } from './audit/audit.js';
import { TROUBLED } from './plan.js';
import { World } from './world.js';

/** Seeds that once found something; they run for ever. Others: `npm run simulate`. */
const kept = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(Number);
/** Few for `npm run ok`, which people wait for; `npm test` asks for more. */
const FRESH_SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 40);
const seeds = [...new Set([...kept, ...Array.from({ length: FRESH_SEEDS }, (_, n) => n + 1)])];

describe('a fleet in trouble keeps every law', () => {
  it.each(seeds)(
    'seed %i',
    async (seed) => {
      const world = new World({ seed, ...TROUBLED });
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
  const world = new World({ seed, ...TROUBLED });
  await world.run();
  const events = world.events();
  await world.end();
  return events;
}
