import { MemoryBook } from '../simulation/scale/books.js';
import type { Figures } from '../simulation/scale/figures/figures.js';
import { BASELINES, OURS, type PlacementChoice } from '../simulation/scale/placements.js';
import { comparison, decisionsPerSecond } from '../simulation/scale/report/summary.js';
import { runScenario } from '../simulation/scale/run.js';
import { ciDay } from '../simulation/scale/scenarios/ci-day.js';
import { type Figure, printFigures } from './parts/figures.js';

/** A day of a build farm under virtual time, placed by Muster and by two plain ways: the same plan, so the figures can be compared. */
const NODES = Number(process.env['BENCH_NODES'] ?? 200);
const VMS = Number(process.env['BENCH_VMS'] ?? 50_000);
const SEED = Number(process.env['BENCH_SEED'] ?? 1);

const live = (placement: PlacementChoice): Figures =>
  runScenario({
    plan: { scenario: ciDay.name, nodes: NODES, vms: VMS, seed: SEED },
    scenario: ciDay,
    placement,
    commandBook: new MemoryBook(),
    eventBook: new MemoryBook(),
    wallClock: () => performance.now(),
  });

const runs = [OURS, ...BASELINES].map(live);
const [ours, ...baselines] = runs as [Figures, ...Figures[]];
const firstFit = baselines.find(({ placement }) => placement === 'first-fit') ?? ours;
const seconds = (ms: number): number => ms / 1000;
const fewestPulls = baselines.reduce((least, run) => (run.pulls < least.pulls ? run : least));

console.log(`${comparison(runs)}\n`);
const figures: Figure[] = [
  {
    what: `pulls, ${NODES} nodes, ${VMS} VMs, seed ${SEED}`,
    value: ours.pulls,
    unit: 'pulls',
    reference: { what: `${fewestPulls.placement}:`, value: fewestPulls.pulls },
    target: { atMost: fewestPulls.pulls - 1 },
  },
  {
    what: 'wait p99, from acceptance to a running VM',
    value: seconds(ours.wait.p99Ms),
    unit: 's',
    reference: { what: 'first-fit:', value: seconds(firstFit.wait.p99Ms) },
    target: { atMost: seconds(firstFit.wait.p99Ms) },
  },
  {
    what: 'wait p50',
    value: seconds(ours.wait.p50Ms),
    unit: 's',
    reference: { what: 'first-fit:', value: seconds(firstFit.wait.p50Ms) },
  },
  {
    what: 'decisions, of the time that deciding took',
    value: decisionsPerSecond(ours),
    unit: '/s',
    reference: { what: 'first-fit:', value: decisionsPerSecond(firstFit) },
  },
];
printFigures(figures);
const broken = runs.reduce((sum, run) => sum + run.broken, 0);
if (broken > 0)
  console.error(`laws were broken ${broken} times; \`npm run simulate -- --scenario ci-day --compare\` lists them`);
process.exitCode = broken > 0 ? 1 : 0;
