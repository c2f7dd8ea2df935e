import { MemoryBook } from './books.js';
import type { Figures } from './figures/figures.js';
import { OURS, type PlacementChoice } from './placements.js';
import type { Plan } from './plan.js';
import { runScenario } from './run.js';
import { SCENARIOS } from './scenarios/index.js';

export interface Lived {
  readonly plan: Plan;
  readonly figures: Figures;
  readonly events: readonly string[];
  readonly commands: readonly string[];
}

/** Lives through a small plan in memory. */
export function live(changed: Partial<Plan> = {}, placement: PlacementChoice = OURS): Lived {
  const plan: Plan = { scenario: 'ci-day', nodes: 8, vms: 120, seed: 1, ...changed };
  const scenario = scenarioCalled(plan.scenario);
  const [commandBook, eventBook] = [new MemoryBook(), new MemoryBook()];
  const figures = runScenario({ plan, scenario, placement, commandBook, eventBook, wallClock: () => 0 });
  return { plan, figures, events: eventBook.all, commands: commandBook.all };
}

export function scenarioCalled(name: string): (typeof SCENARIOS)[number] {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario "${name}"`);
  return found;
}
