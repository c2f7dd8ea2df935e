import type { Noun } from '#events';
import type { ArchivedEvent } from './archived-event.js';
import {
  type ArchiveReader,
  type EventQuery,
  type HistoryEnd,
  MAX_FOUND,
  MAX_HISTORY,
  tooLong,
  typesOf,
} from './archive-reader.js';

/** An archive in memory: for the simulation, and the measure of the Postgres form. */
export class MemoryArchive implements ArchiveReader {
  readonly events: ArchivedEvent[] = [];

  async find(query: EventQuery): Promise<readonly ArchivedEvent[]> {
    const found = this.events.filter(fits(query));
    if (query.order === 'newest') found.reverse();
    return found.slice(0, Math.min(query.limit, MAX_FOUND));
  }

  async byId(id: string): Promise<ArchivedEvent | undefined> {
    return this.events.find((event) => event.id === id);
  }

  async history(noun: Noun, subjectId: string, until: HistoryEnd = {}): Promise<readonly ArchivedEvent[]> {
    const { sequence: lastSequence = Infinity, time: lastTime = Infinity } = until;
    const told = this.events.filter(
      (event) =>
        event.noun === noun &&
        event.subjectId === subjectId &&
        event.sequence <= lastSequence &&
        event.time <= lastTime,
    );
    if (told.length > MAX_HISTORY) throw tooLong(noun, subjectId);
    return told;
  }

  async extent(): Promise<{ first: number; last: number }> {
    return { first: this.events[0]?.sequence ?? 1, last: this.events.at(-1)?.sequence ?? 0 };
  }
}

function fits(query: EventQuery): (event: ArchivedEvent) => boolean {
  const { since = -Infinity, until = Infinity, after = 0, before = Infinity } = query;
  const types = typesOf(query);
  const is = (wanted: unknown, actual: unknown): boolean => wanted === undefined || wanted === actual;
  return (event) =>
    (types === undefined || types.includes(event.type)) &&
    is(query.noun, event.noun) &&
    is(query.subjectId, event.subjectId) &&
    is(query.actor, event.actor) &&
    is(query.correlationId, event.correlationId) &&
    is(query.commandSequence, event.commandSequence) &&
    event.time >= since &&
    event.time < until &&
    event.sequence > after &&
    event.sequence < before;
}
