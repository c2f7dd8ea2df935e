import type { MacEvent, RecordedEvent } from '#domain';
import type { MacPoolRow } from '../views/index.js';

/** Folds one event about the pool of MAC addresses into its row; undefined when there is none. */
export function foldMacPool(
  row: MacPoolRow | undefined,
  { sequence }: RecordedEvent,
  event: MacEvent,
): MacPoolRow | undefined {
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'PurgeMacPool') return undefined;
  return { id: 'macPool', sequence, madeSequence: sequence, from: event.from, to: event.to };
}
