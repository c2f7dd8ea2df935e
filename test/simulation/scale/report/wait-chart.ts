import type { Figures } from '../figures/figures.js';
import { figure, gridLine, hourLabel, INNER, MARGIN } from './chart.js';

/** Ends of the logarithmic scale at least shown, ms. */
const LEAST_MS = 1000;
const LINES_MS = [
  1000, 3000, 10_000, 30_000, 60_000, 180_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 36_000_000, 172_800_000,
];

/** Whole seconds, minutes or hours. */
function tick(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}

/** Who waited how long: from the luckiest start on the left to the unluckiest on the right, time on a logarithmic scale. */
export function waitChart(runs: readonly Figures[]): string {
  const longest = Math.max(60_000, ...runs.map(({ wait }) => wait.maxMs));
  const end = LINES_MS.find((line) => line >= longest) ?? longest;
  const y = (ms: number): number => {
    const share = Math.log(Math.max(LEAST_MS, ms) / LEAST_MS) / Math.log(end / LEAST_MS);
    return MARGIN.top + INNER.height * (1 - share);
  };
  const x = (share: number): number => MARGIN.left + share * INNER.width;
  const across = LINES_MS.filter((line) => line <= end).map((line) => gridLine(y(line), tick(line)));
  const below = [0, 0.25, 0.5, 0.75, 0.9, 0.99].map((share) => hourLabel(x(share), `${Math.round(share * 100)} %`));
  const lines = runs.map(({ course: { waitQuantiles } }, index) => {
    const points = waitQuantiles.map(
      (ms, point) => `${x(point / (waitQuantiles.length - 1)).toFixed(1)},${y(ms).toFixed(1)}`,
    );
    return `<polyline class="line s${index}" points="${points.join(' ')}"/>`;
  });
  return figure(
    { id: 'waits', title: 'Wait for a running VM', note: 'so many of all starts waited at most so long; logarithmic' },
    runs.map(({ placement }) => placement),
    [...across, ...below, ...lines.reverse()].join(''),
  );
}
