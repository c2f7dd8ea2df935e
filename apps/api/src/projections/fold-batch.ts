import type { RecordedEvent } from '#domain';
import { type LoggedEvent, type Noun, nounOfEvent } from '#events';
import { FOLDS, type Kind, perKind, type RowOf } from './kinds.js';
import type { RowCache } from './row-cache.js';
import type { Changes, Ids } from './step.js';

/**
 * Ids of the rows that the events are folded into. A VM that begins in this batch is not among them: its StartVM event is only ever
 * recorded when there is no such VM.
 */
export function idsOf(events: readonly LoggedEvent[]): Ids {
  const ids = perKind<{ [K in Kind]: Set<string> }>(() => new Set());
  const begun = new Set<string>();
  for (const { recorded } of events) {
    if (recorded === undefined) continue;
    const { noun, id } = nounOfEvent(recorded.event);
    if (!isKind(noun)) continue;
    if (recorded.event.type === 'StartVM' && !ids.vm.has(id)) begun.add(id);
    if (noun !== 'vm' || !begun.has(id)) ids[noun].add(id);
  }
  return perKind<{ [K in Kind]: string[] }>((kind) => [...ids[kind]]);
}

const isKind = (noun: Noun): noun is Kind => Object.hasOwn(FOLDS, noun);

/** Folds events, in the order of the log, over the rows in the cache. The cache does not change: the step may still fail. */
export function foldBatch(events: readonly LoggedEvent[], cache: RowCache): Changes {
  const changes = perKind<ChangesInTheMaking>(() => new Map());
  for (const { recorded } of events) {
    if (recorded === undefined) continue;
    const { noun, id } = nounOfEvent(recorded.event);
    if (isKind(noun)) foldOne(noun, id, recorded, changes[noun], cache);
  }
  return changes;
}

type ChangesInTheMaking = { readonly [K in Kind]: Map<string, RowOf[K] | undefined> };
/** Any of the folds, for the kind of its events, as the catalogue has told it. */
type Fold<R> = (row: R | undefined, recorded: RecordedEvent, event: RecordedEvent['event']) => R | undefined;

function foldOne<K extends Kind>(
  kind: K,
  id: string,
  recorded: RecordedEvent,
  changes: Map<string, RowOf[K] | undefined>,
  cache: RowCache,
): void {
  const now = changes.has(id) ? changes.get(id) : cache.get(kind, id);
  changes.set(id, (FOLDS[kind] as unknown as Fold<RowOf[K]>)(now, recorded, recorded.event));
}
