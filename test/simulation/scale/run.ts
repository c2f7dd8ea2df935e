import type { LineBook } from './books.js';
import { Collector } from './figures/collector.js';
import type { Figures } from './figures/figures.js';
import { LogKeeper } from './log-keeper.js';
import type { PlacementChoice } from './placements.js';
import type { Plan, Scenario } from './plan.js';
import { verify } from './verify.js';
import { ScaleWorld } from './world.js';

export interface RunParts {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly placement: PlacementChoice;
  readonly commandBook: LineBook;
  readonly eventBook: LineBook;
  /** Wall clock, ms; only for the figures about speed. */
  readonly wallClock: () => number;
}

/** Lives through a plan, writes its books, and holds them to every law. */
export function runScenario({ plan, scenario, placement, commandBook, eventBook, wallClock }: RunParts): Figures {
  const began = wallClock();
  const script = scenario.script(plan);
  const keeper = new LogKeeper(commandBook, eventBook);
  const collector = new Collector(script);
  const blank = () => placement.blank(plan.seed);
  const cluster = blank();
  const onlookers = [
    (decided: Parameters<LogKeeper['keep']>[0]) => keeper.keep(decided),
    (...[decided]: Parameters<Collector['look']>) => collector.look(decided, cluster),
  ];
  const world = new ScaleWorld(plan, script, placement.policy ?? {}, cluster, onlookers, wallClock);
  const remains = world.run();
  const digest = keeper.close();
  const laws = verify({ commandBook, eventBook, cluster, blank, remains });
  return {
    placement: placement.name,
    ...collector.close(),
    waitingAtEnd: remains.waiting.size,
    commands: world.control.commands,
    events: keeper.events,
    digest,
    laws: Object.fromEntries(laws.checks),
    breaches: laws.breaches,
    broken: laws.broken,
    wall: { decidingMs: world.control.decidingMs, totalMs: wallClock() - began },
  };
}
