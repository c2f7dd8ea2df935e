import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { audit } from '../../test/simulation/audit/audit.js';
import { TROUBLED } from '../../test/simulation/plan.js';
import { World } from '../../test/simulation/world.js';

/**
 * `npm run simulate -- --seeds 1000 --first 1`: lives through that many worlds and audits each. A seed that broke a law is told, with
 * every breach, and kept in test/simulation/seeds.txt, where the tests take it from.
 */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, first: { type: 'string', default: '1' } },
});
const [seeds, first] = [Number(values.seeds), Number(values.first)];
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(first) || seeds < 1) {
  console.error('Usage: npm run simulate -- [--seeds COUNT] [--first SEED]');
  process.exit(2);
}

const KEPT = join(import.meta.dirname, '../../../test/simulation/seeds.txt');
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
process.exit(broken === 0 ? 0 : 1);
