import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings } from '../../libs/events/src/settings/index.js';
import { FileBook } from '../../test/simulation/scale/books.js';
import type { Figures } from '../../test/simulation/scale/figures/figures.js';
import { BASELINES, OURS, type PlacementChoice } from '../../test/simulation/scale/placements.js';
import type { Plan } from '../../test/simulation/scale/plan.js';
import { reportPage } from '../../test/simulation/scale/report/page.js';
import { comparison, summary } from '../../test/simulation/scale/report/summary.js';
import { runScenario } from '../../test/simulation/scale/run.js';
import type { Wish } from './wishes.js';

type ScaleWish = Extract<Wish, { kind: 'scale' }>;

/** Lives through a scenario, once for each way of placing that was asked for; tells and draws what came of it. Returns all breaches. */
export function liveAtScale(wish: ScaleWish, root: string): number {
  const { plan, scenario, against } = wish;
  const out = wish.out === undefined ? usualFolder(plan, root) : resolve(wish.out);
  mkdirSync(out, { recursive: true });
  const placements = placementsOf(against);
  const runs = placements.map((placement) =>
    live(wish, placement, placements.length > 1 ? join(out, placement.name) : out),
  );
  for (const figures of runs) console.log(`${summary(plan, figures)}\n`);
  if (runs.length > 1) console.log(`${comparison(runs)}\n`);
  writeFileSync(join(out, 'figures.json'), `${JSON.stringify({ plan, runs }, null, 2)}\n`);
  writeFileSync(join(out, 'report.html'), reportPage(plan, scenario, runs));
  console.log(`Log, figures and report.html are in ${out}`);
  return runs.reduce((sum, { broken }) => sum + broken, 0);
}

function live({ plan, scenario }: ScaleWish, placement: PlacementChoice, folder: string): Figures {
  const book = (name: string) => new FileBook(join(folder, name));
  return runScenario({
    plan,
    scenario,
    placement,
    commandBook: book('commands.ndjson'),
    eventBook: book('events.ndjson'),
    wallClock: () => performance.now(),
  });
}

function placementsOf(against: ScaleWish['against']): readonly PlacementChoice[] {
  if (against === 'ours') return [OURS];
  if (against === 'all') return [OURS, ...BASELINES];
  return BASELINES.filter(({ name }) => name === against.baseline);
}

/** Below the home of the installation, which no version control looks at. */
function usualFolder({ scenario, nodes, seed }: Plan, root: string): string {
  const { env } = process;
  const home = readSettings(env, ['MUSTER_HOME']).MUSTER_HOME;
  return join(env['MUSTER_HOME'] ? resolve(home) : join(root, home), 'simulations', `${scenario}-${nodes}-${seed}`);
}
