import type { Figures } from '../figures/figures.js';
import { type TimeChart, timeChart } from './chart.js';
import { countText, shareText, timeText } from './words.js';

/** The pictures over time that a report has, all runs in each. */
export function timeCharts(runs: readonly Figures[]): TimeChart[] {
  const partMs = runs[0]?.course.partMs ?? 1;
  const of = (pick: (figures: Figures) => readonly number[]) =>
    runs.map((figures) => ({ name: figures.placement, values: pick(figures) }));
  const per = `per ${timeText(partMs)}`;
  const bars = runs.length === 1;
  return [
    {
      id: 'utilisation',
      title: 'Utilisation',
      note: 'share of all seats taken',
      series: of(({ course }) => course.utilisation),
      partMs,
      max: 1,
      text: shareText,
      tick: (share) => `${Math.round(share * 100)} %`,
    },
    {
      id: 'queue',
      title: 'Queue',
      note: 'VMs that wait for a node, at the worst moment',
      series: of(({ course }) => course.queuePeak),
      partMs,
      text: countText,
    },
    { id: 'pulls', title: 'Pulls', note: per, series: of(({ course }) => course.pulls), partMs, bars, text: countText },
    {
      id: 'starts',
      title: 'Starts',
      note: per,
      series: of(({ course }) => course.starts),
      partMs,
      bars,
      text: countText,
    },
  ];
}

/** What the page's script needs to tell the value under the pointer. */
export function spokenCharts(runs: readonly Figures[], charts: readonly TimeChart[]): Record<string, unknown> {
  const names = runs.map(({ placement }) => placement);
  const ofTime = charts.map(({ id, series, text }): [string, unknown] => [
    id,
    { ofTime: true, names, texts: series.map(({ values }) => values.map(text)) },
  ]);
  const waits = { ofTime: false, names, texts: runs.map(({ course }) => course.waitQuantiles.map(timeText)) };
  return Object.fromEntries([...ofTime, ['waits', waits]]);
}

export const drawn = (charts: readonly TimeChart[]): string => charts.map(timeChart).join('\n');
