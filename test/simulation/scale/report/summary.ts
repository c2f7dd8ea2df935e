import type { Figures } from '../figures/figures.js';
import type { Plan } from '../plan.js';
import { ALL, COMPARED, WAIT_HEADS, waitRows } from './rows.js';
import { countText, tableText, timeText } from './words.js';

/** Breaches that are listed; beyond it only their number is told. */
const MAX_LISTED = 20;

/** One run in words. */
export function summary({ scenario, nodes, vms, seed }: Plan, figures: Figures): string {
  return [
    `${scenario}: ${countText(nodes)} nodes, ${countText(vms)} VMs, seed ${seed}, placement ${figures.placement}`,
    tableText(ALL.map(({ what, text }) => [what, text(figures)])),
    '',
    tableText([WAIT_HEADS, ...waitRows(figures)]),
    '',
    lawsText(figures),
    speedText(figures),
    `events.ndjson: sha256 ${figures.digest}`,
  ].join('\n');
}

/** Several runs of one plan, side by side. */
export function comparison(runs: readonly Figures[]): string {
  return tableText([
    ['', ...runs.map(({ placement }) => placement)],
    ...COMPARED.map(({ what, text }) => [what, ...runs.map((figures) => text(figures))]),
    ['laws broken', ...runs.map(({ broken }) => countText(broken))],
  ]);
}

/** Decisions per second of the time that deciding took. */
export const decisionsPerSecond = ({ commands, wall }: Figures): number => (commands / wall.decidingMs) * 1000;

export function speedText(figures: Figures): string {
  const { commands, events, livedMs, wall } = figures;
  return (
    `${countText(commands)} commands, ${countText(events)} events, ${timeText(livedMs)} lived in ${timeText(wall.totalMs)}, audit included; ` +
    `${countText(decisionsPerSecond(figures))} decisions per second of deciding`
  );
}

function lawsText({ laws, breaches, broken }: Figures): string {
  const checks = Object.entries(laws).map(([law, count]) => [law, countText(count)]);
  const verdict = broken === 0 ? 'all held' : `BROKEN ${broken} times`;
  const listed = breaches.slice(0, MAX_LISTED).map((breach) => `  ${breach}`);
  return [tableText([['laws, and how often they were checked', verdict], ...checks]), ...listed].join('\n');
}
