import type { ImageEvent, RecordedEvent } from '#domain';
import type { ImageRow } from '../views/index.js';

/** Folds one event about a save into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldImage(row: ImageRow | undefined, recorded: RecordedEvent, event: ImageEvent): ImageRow | undefined {
  const { sequence, time: updatedAt } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'SaveImage') {
    const { type: _type, requestId: id, ...order } = event;
    return row ?? { id, sequence, madeSequence: sequence, order, state: 'pending', requestedAt: updatedAt, updatedAt };
  }
  if (row === undefined || event.type === 'ImageSaveForgotten') return undefined;
  const { scriptResult } = event;
  const ended =
    event.type === 'ImageSaved'
      ? ({ state: 'done', version: event.version } as const)
      : ({ state: 'error', error: event.error } as const);
  return { ...row, ...ended, ...(scriptResult && { script: scriptResult }), sequence, updatedAt };
}
