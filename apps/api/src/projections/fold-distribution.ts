import {
  CANCELED,
  type DistributeTemplateToNodesEvent,
  type DistributionEvent,
  type RecordedEvent,
  WRONG_ARCHITECTURE,
} from '#domain';
import type { DistributionPart, DistributionRow } from '../views/index.js';

/** Folds one event about a distribution into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldDistribution(
  row: DistributionRow | undefined,
  recorded: RecordedEvent,
  event: DistributionEvent,
): DistributionRow | undefined {
  const { sequence, time: updatedAt } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'DistributeTemplateToNodes') return row ?? made(recorded, event);
  if (row === undefined || event.type === 'DistributionForgotten') return undefined;
  return { ...row, parts: partsAfter(row, event, updatedAt), sequence, updatedAt };
}

type LaterEvent = Exclude<DistributionEvent, { type: 'DistributeTemplateToNodes' | 'DistributionForgotten' }>;

function made({ sequence, time }: RecordedEvent, event: DistributeTemplateToNodesEvent): DistributionRow {
  const { distributionId: id, templateId, tag, version } = event;
  const parts = new Map<string, DistributionPart>();
  for (const nodeId of event.nodeIds) parts.set(nodeId, { progress: 0, done: false, updatedAt: time });
  for (const nodeId of event.cachedOn) parts.set(nodeId, { progress: 1, done: true, updatedAt: time });
  const unfit = { progress: 0, done: false, error: WRONG_ARCHITECTURE, updatedAt: time };
  for (const nodeId of event.unfit) parts.set(nodeId, unfit);
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ id, sequence, madeSequence: sequence, templateId, tag, version, requestedAt: time, updatedAt: time },
    nodeIds: sorted.map(([nodeId]) => nodeId),
    parts: sorted.map(([, part]) => part),
  };
}

function partsAfter(row: DistributionRow, event: LaterEvent, updatedAt: number): readonly DistributionPart[] {
  if (event.type === 'CancelDistribution' || event.type === 'DistributionAborted') {
    const error = event.type === 'CancelDistribution' ? CANCELED : event.error;
    return row.parts.map((part) => (hasEnded(part) ? part : { ...part, error, updatedAt }));
  }
  const place = placeOf(row.nodeIds, event.nodeId);
  const part = row.parts[place];
  if (part === undefined || hasEnded(part)) return row.parts;
  return row.parts.with(place, { ...part, ...change(event), updatedAt });
}

function change(event: Extract<LaterEvent, { nodeId: string }>): Partial<DistributionPart> {
  if (event.type === 'DistributionProgressed') return { progress: event.progress };
  return event.error === undefined ? { progress: 1, done: true } : { error: event.error };
}

const hasEnded = (part: DistributionPart): boolean => part.done || part.error !== undefined;

/** By halving: a distribution to thousands of nodes has as many events, ten times. -1: not among them. */
function placeOf(sortedIds: readonly string[], id: string): number {
  let [low, high] = [0, sortedIds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sortedIds[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return sortedIds[low] === id ? low : -1;
}
