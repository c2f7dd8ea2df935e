import { HOUR_MS } from '../plan.js';
import { clockText, hourTicks, roundTicks } from './ticks.js';
import { escaped } from './words.js';

export const WIDTH = 960;
export const HEIGHT = 220;
export const MARGIN = { left: 64, right: 24, top: 10, bottom: 26 };
export const INNER = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };

export interface Series {
  readonly name: string;
  /** One value for each equal part of the time. */
  readonly values: readonly number[];
}

export interface TimeChart {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly series: readonly Series[];
  readonly partMs: number;
  /** Drawn as one bar per part, instead of lines; for one series. */
  readonly bars?: boolean;
  /** Upper end of the scale; absent: what the values need. */
  readonly max?: number;
  readonly text: (value: number) => string;
  /** The same on the scale; absent: as `text`. */
  readonly tick?: (value: number) => string;
}

/** A picture over the time of the day, as SVG; what the pointer is over is told by the page's script. */
export function timeChart(chart: TimeChart): string {
  const { series, partMs, max: wanted, text } = chart;
  const parts = Math.max(...series.map(({ values }) => values.length));
  const ticks = roundTicks(wanted ?? Math.max(1, ...series.flatMap(({ values }) => values)));
  const max = ticks.at(-1) ?? 1;
  const x = (part: number): number => MARGIN.left + (part / parts) * INNER.width;
  const y = (value: number): number => MARGIN.top + INNER.height * (1 - value / max);
  const drawn = series
    .map(({ values }, index) => (chart.bars === true ? barsOf(values, index, x, y) : lineOf(values, index, x, y)))
    .reverse();
  const across = ticks.map((tick) => gridLine(y(tick), (chart.tick ?? text)(tick)));
  const hours = hourTicks(parts * partMs).map((hour) => hourLabel(x((hour * HOUR_MS) / partMs), clockText(hour)));
  return figure(
    chart,
    series.map(({ name }) => name),
    [...across, ...hours, ...drawn].join(''),
  );
}

/** A picture with its words around it. */
export function figure(
  { id, title, note }: Pick<TimeChart, 'id' | 'title' | 'note'>,
  names: readonly string[],
  inner: string,
): string {
  const keys = names.map((name, index) => `<span class="key s${index}">${escaped(name)}</span>`).join('');
  return (
    `<figure data-chart="${id}"><figcaption><b>${escaped(title)}</b> <span>${escaped(note)}</span>${names.length > 1 ? keys : ''}` +
    `<output></output></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${inner}` +
    `<line class="cursor" y1="${MARGIN.top}" y2="${MARGIN.top + INNER.height}" x1="-9" x2="-9"/></svg></figure>`
  );
}

export function gridLine(y: number, label: string): string {
  const at = y.toFixed(1);
  return (
    `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/>` +
    `<text class="left" x="${MARGIN.left - 8}" y="${at}" dy="0.32em">${escaped(label)}</text>`
  );
}

export const hourLabel = (x: number, label: string): string =>
  `<text class="below" x="${x.toFixed(1)}" y="${HEIGHT - 8}">${escaped(label)}</text>`;

type Scale = (value: number) => number;

function lineOf(values: readonly number[], index: number, x: Scale, y: Scale): string {
  const points = values.map((value, part) => `${x(part + 0.5).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const last = x(values.length - 0.5).toFixed(1);
  const ground = y(0).toFixed(1);
  const area =
    index === 0 ? `<polygon class="area s0" points="${x(0.5).toFixed(1)},${ground} ${points} ${last},${ground}"/>` : '';
  return `${area}<polyline class="line s${index}" points="${points}"/>`;
}

function barsOf(values: readonly number[], index: number, x: Scale, y: Scale): string {
  const bars = values.map((value, part) => {
    const [left, right, top] = [x(part) + 0.4, x(part + 1) - 0.4, y(value)];
    return value === 0
      ? ''
      : `M${left.toFixed(1)},${y(0).toFixed(1)}V${top.toFixed(1)}H${right.toFixed(1)}V${y(0).toFixed(1)}z`;
  });
  return `<path class="bars s${index}" d="${bars.join('')}"/>`;
}
