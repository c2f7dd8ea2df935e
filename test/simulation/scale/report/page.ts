import type { Figures } from '../figures/figures.js';
import type { Plan, Scenario } from '../plan.js';
import { BEHAVIOUR } from './behaviour.js';
import { drawn, spokenCharts, timeCharts } from './charts.js';
import { heatStrip } from './heat.js';
import { ALL, WAIT_HEADS, waitRows } from './rows.js';
import { STYLE } from './style.js';
import { speedText } from './summary.js';
import { table } from './table.js';
import { waitChart } from './wait-chart.js';
import { countText, escaped, shareText, timeText } from './words.js';

/** Breaches that the page lists. */
const MAX_LISTED = 50;

/** The report: one file that needs nothing else, with every figure of the runs, ours first. */
export function reportPage(plan: Plan, scenario: Scenario, runs: readonly Figures[]): string {
  const [first] = runs;
  if (first === undefined) throw new Error('a report of no runs was asked for: there must be at least one');
  const charts = timeCharts(runs);
  const data = {
    partMs: first.course.partMs,
    charts: spokenCharts(runs, charts),
    rowNames: rowNames(plan.nodes, first.course.nodesPerRow),
  };
  // A closing tag inside of the data would end the script.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(plan.scenario)} · Muster simulation</title><style>${STYLE}</style>
<main>
<h1>${escaped(plan.scenario)}</h1>
<p class="about">${escaped(scenario.about)}</p>
${planList(plan, runs)}
${tiles(first)}
${drawn(charts)}
${waitChart(runs)}
${runs.map((figures) => heatStrip(figures, runs.length === 1)).join('\n')}
<h2>Figures</h2>
${table(['', ...runs.map(({ placement }) => placement)], figureRows(runs))}
<h2>Waits by priority</h2>
<div class="tables">${runs.map((figures) => table(WAIT_HEADS, waitRows(figures), runs.length > 1 ? figures.placement : '')).join('')}</div>
<h2>Laws</h2>
${laws(runs)}
<footer>${runs.map((figures) => `<p>${escaped(figures.placement)}: ${escaped(speedText(figures))}<br><code>events.ndjson sha256 ${figures.digest}</code></p>`).join('')}
<p>The same plan and seed give the same log, byte for byte.</p></footer>
</main>
<script type="application/json" id="data">${json}</script>
<script>${BEHAVIOUR}</script>
</html>
`;
}

function planList({ nodes, vms, seed }: Plan, runs: readonly Figures[]): string {
  const checks = runs.reduce((sum, run) => sum + Object.values(run.laws).reduce((a, b) => a + b, 0), 0);
  const broken = runs.reduce((sum, run) => sum + run.broken, 0);
  const verdict =
    broken === 0
      ? `<li class="good">every law held in ${countText(checks)} checks</li>`
      : `<li class="bad">laws were broken ${countText(broken)} times</li>`;
  return `<ul class="plan"><li><b>${countText(nodes)}</b> nodes</li><li><b>${countText(vms)}</b> VMs</li><li>seed <b>${seed}</b></li><li>placement <b>${runs.map(({ placement }) => escaped(placement)).join(', ')}</b></li>${verdict}</ul>`;
}

function tiles({ wait, utilisation, pulls, pullsAvoided, started, queue }: Figures): string {
  const all: readonly (readonly [string, string])[] = [
    [timeText(wait.p50Ms), 'wait, median'],
    [timeText(wait.p99Ms), 'wait, 99 of 100'],
    [shareText(utilisation.mean), 'utilisation, mean'],
    [countText(queue.peak), 'queue, peak'],
    [countText(pulls), 'pulls'],
    [shareText(started === 0 ? 0 : pullsAvoided / started), 'starts without a pull'],
  ];
  return `<div class="tiles">${all.map(([value, what]) => `<div class="tile"><b>${value}</b><span>${what}</span></div>`).join('')}</div>`;
}

const figureRows = (runs: readonly Figures[]): string[][] =>
  ALL.map(({ what, text }) => [what, ...runs.map((figures) => text(figures))]);

function laws(runs: readonly Figures[]): string {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.laws)))];
  const rows = names.map((law) => [law, ...runs.map((run) => countText(run.laws[law] ?? 0))]);
  const listed = runs.flatMap(({ breaches }) => breaches).slice(0, MAX_LISTED);
  const list = listed.map((breach) => `<li>${escaped(breach)}</li>`).join('');
  return (
    table(['checked so often', ...runs.map(({ placement }) => placement)], rows) +
    (list && `<ul class="breaches">${list}</ul>`)
  );
}

function rowNames(nodes: number, perRow: number): string[] {
  const name = (index: number): string => `node ${Math.min(nodes, index)}`;
  return Array.from({ length: Math.ceil(nodes / perRow) }, (_, row) =>
    perRow === 1 ? name(row + 1) : `${name(row * perRow + 1)}–${Math.min(nodes, (row + 1) * perRow)}`,
  );
}
