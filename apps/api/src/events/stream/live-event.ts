import { archived, type ArchivedEvent } from '../../archive/archived-event.js';
import { typesOf } from '../../archive/archive-reader.js';
import type { EventFilter } from '../event-query.dto.js';
import { eventFrame } from './frame.js';

/** An event on its way to followers: what it is found by, and what is sent of it, encoded once for all. */
export interface LiveEvent extends Omit<ArchivedEvent, 'body'> {
  readonly frame: Buffer;
}

export function liveEvent(logged: { readonly sequence: number; readonly raw: string }): LiveEvent {
  const { body, ...found } = archived(logged);
  return { ...found, frame: eventFrame(found.sequence, fullType(found), body) };
}

/** As the CloudEvent calls it. */
export const fullType = ({ noun, type }: Pick<ArchivedEvent, 'noun' | 'type'>): string =>
  noun === 'unknown' ? type : `muster.${noun}.${type}`;

export type Fits = (event: Omit<ArchivedEvent, 'body'>) => boolean;

/** The same rule for an event that passes by as the archive has for those it keeps. */
export function fitting(filter: EventFilter): Fits {
  const named = typesOf(filter);
  const types = named && new Set(named);
  const { noun, subjectId, actor, correlationId } = filter;
  return (event) =>
    (types === undefined || types.has(event.type)) &&
    (noun === undefined || event.noun === noun) &&
    (subjectId === undefined || event.subjectId === subjectId) &&
    (actor === undefined || event.actor === actor) &&
    (correlationId === undefined || event.correlationId === correlationId);
}
