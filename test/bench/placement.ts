import { parseArgs } from 'node:util';
import { type Command, decide, emptyCluster } from '#domain';
import { place } from '../../libs/domain/src/placement/place.js';
import { FirstFit } from '../simulation/scale/baselines.js';
import { GROUPS, PlacementFleet, TEMPLATES } from './parts/placement-fleet.js';
import { printFigures, quantile } from './parts/figures.js';

/** How fast the rules decide: in memory, one command after the other, nothing stored and nothing sent. */
const SIZES = [100, 1_000, 5_000, 10_000];
/** Starts that are timed in one piece; before each piece as many VMs end. */
const PIECE = 100;
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const MEASURED_MS = Number(values.seconds) * 1000;
const TARGET_PER_SECOND = 100_000;
const WAITING = 100_000;

interface Speed {
  readonly perSecond: number;
  readonly placed: number;
}

/** Starts per second, each accepted, placed and folded; ends are not timed. */
function churn(fleet: PlacementFleet, measuredMs: number): Speed {
  let [spent, starts, placed] = [0, 0, 0];
  while (spent < measuredMs) {
    for (let n = 0; n < PIECE; n++) fleet.endOne();
    const commands = Array.from({ length: PIECE }, () => fleet.recorded(fleet.start()));
    const begin = performance.now();
    const decisions = commands.map((command) => decide(fleet.cluster, command));
    spent += performance.now() - begin;
    starts += PIECE;
    for (const { events } of decisions) {
      placed += events.filter(({ event }) => event.type === 'VMScheduled').length;
      fleet.report(events);
    }
  }
  return { perSecond: (starts * 1000) / spent, placed: placed / starts };
}

/**
 * Decisions per second: a VM that was accepted gets its node, the event is made and folded. To accept it, and what it costs to look at
 * the clock twice for each, are left out.
 */
function decisions(fleet: PlacementFleet, measuredMs: number): number {
  const clockMs = costOfClock();
  let [spent, made] = [0, 0];
  while (spent < measuredMs) {
    for (let n = 0; n < PIECE; n++) fleet.endOne();
    for (let n = 0; n < PIECE; n++) {
      const turn = fleet.accepted();
      const begin = performance.now();
      place(turn);
      spent += performance.now() - begin - clockMs;
      made += turn.events.length;
      fleet.report(turn.events);
    }
  }
  return (made * 1000) / spent;
}

function costOfClock(): number {
  const begin = performance.now();
  for (let n = 0; n < 100_000; n++) performance.now();
  return (performance.now() - begin) / 100_000;
}

/** µs that it takes to accept a VM for which there is no node, behind many that wait already. */
function arrivals(fleet: PlacementFleet): { median: number; p99: number } {
  const large = (vmIds: string[], n: number): Command => ({
    type: 'StartVM',
    vmIds,
    request: { templateId: `t${n % TEMPLATES}`, priority: 1 + (n % 10_000), groupId: `g${n % GROUPS}` },
  });
  for (const nodeId of [...fleet.cluster.nodes.keys()])
    fleet.tell({ type: 'ConfigNode', nodeId, config: { drain: true } });
  for (let n = 0; fleet.cluster.pending.size < WAITING; n++) {
    fleet.tell(
      large(
        Array.from({ length: 100 }, (_, each) => `wait-${n}-${each}`),
        n,
      ),
    );
  }
  const times: number[] = [];
  for (let n = 0; n < 20_000; n++) {
    const command = fleet.recorded(large([`late-${n}`], n * 7));
    const begin = performance.now();
    decide(fleet.cluster, command);
    times.push((performance.now() - begin) * 1000);
  }
  return { median: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

const speeds = new Map<number, Speed & { decisions: number }>();
for (const nodes of SIZES) {
  const fleet = new PlacementFleet(emptyCluster(), nodes);
  churn(fleet, MEASURED_MS / 3);
  speeds.set(nodes, { ...churn(fleet, MEASURED_MS), decisions: decisions(fleet, MEASURED_MS) });
}
const of = (nodes: number): number => speeds.get(nodes)?.decisions ?? Number.NaN;
const scan = decisions(new PlacementFleet(emptyCluster(new FirstFit()), 5_000), MEASURED_MS);
const waiting = arrivals(new PlacementFleet(emptyCluster(), 5_000));

printFigures([
  ...SIZES.map((nodes) => ({
    what: `placement decisions, ${nodes} nodes`,
    value: of(nodes),
    unit: '/s',
    ...(nodes === 5_000 && {
      target: { atLeast: TARGET_PER_SECOND },
      reference: { what: 'first fit by a scan', value: scan },
    }),
  })),
  ...SIZES.map((nodes) => ({
    what: `whole StartVM commands of one VM, ${nodes} nodes`,
    value: speeds.get(nodes)?.perSecond ?? Number.NaN,
    unit: '/s',
  })),
  {
    what: 'cost of a decision, 10,000 nodes',
    value: 1e6 / of(10_000),
    unit: 'µs',
    reference: { what: '100 nodes', value: 1e6 / of(100) },
    target: { atMost: (2 * 1e6) / of(100) },
  },
  { what: `arrival behind ${WAITING} that wait, median`, value: waiting.median, unit: 'µs', target: { atMost: 50 } },
  { what: `arrival behind ${WAITING} that wait, p99`, value: waiting.p99, unit: 'µs' },
]);
console.log(
  [...speeds].map(([nodes, { placed }]) => `${nodes} nodes: ${(placed * 100).toFixed(1)} % placed at once`).join(', '),
);
