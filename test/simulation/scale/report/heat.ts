import type { Figures } from '../figures/figures.js';
import { escaped } from './words.js';

/** The byte that means: the node was silent. Loads are 0–200. */
const SILENT = 255;
const FULL = 200;
const ROW_PX = 3;
const LEAST_HEIGHT_PX = 48;

/** Nodes from top to bottom, time from left to right, the fuller the darker. */
export function heatStrip({ placement, course }: Figures, isOnlyOne: boolean): string {
  const { heat, nodesPerRow } = course;
  const bytes = Buffer.from(
    heat.flatMap((row) => row.map((load) => (load < 0 ? SILENT : Math.round(Math.min(1, load) * FULL)))),
  );
  const columns = heat[0]?.length ?? 0;
  const height = Math.max(LEAST_HEIGHT_PX, heat.length * ROW_PX);
  const rows = nodesPerRow === 1 ? 'one row per node' : `one row per ${nodesPerRow} nodes`;
  return (
    `<figure data-heat="${columns},${heat.length}" data-bytes="${bytes.toString('base64')}"><figcaption><b>Nodes over time${
      isOnlyOne ? '' : `, ${escaped(placement)}`
    }</b> ` +
    `<span>${rows}; the fuller the stronger, silent nodes are marked</span><output></output></figcaption>` +
    `<canvas style="height:${height}px"></canvas></figure>`
  );
}
