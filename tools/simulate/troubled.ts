import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../../test/simulation/audit/audit.js';
import { TROUBLED } from '../../test/simulation/plan.js';
import { World } from '../../test/simulation/world.js';

const KEPT = join(import.meta.dirname, '../../../test/simulation/seeds.txt');

/**
 * Lives through that many troubled worlds and audits each. A seed that broke a law is told, with every breach, and kept in
 * test/simulation/seeds.txt, where the tests take it from. Resolves with how many did.
 */
export async function liveThroughTrouble(seeds: number, first: number): Promise<number> {
  const began = performance.now();
  let events = 0;
  let broken = 0;
  for (let seed = first; seed < first + seeds; seed++) {
    const world = new World({ seed, ...TROUBLED });
    await world.run();
    events += world.nats.events.last;
    const breaches = await audit(world);
    await world.end();
    if (breaches.length === 0) continue;
    broken++;
    console.log(`seed ${seed}:\n  ${breaches.join('\n  ')}`);
    appendFileSync(KEPT, `${seed}\n`);
  }
  const seconds = (performance.now() - began) / 1000;
  const virtualHours = (seeds * (TROUBLED.chaosMs + TROUBLED.calmMs)) / 3_600_000;
  console.log(
    `${seeds} seeds, ${events} events, ${virtualHours.toFixed(0)} virtual hours in ${seconds.toFixed(1)} s: ${broken} broke a law`,
  );
  return broken;
}
