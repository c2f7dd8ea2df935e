import type { ArchivedEvent } from '../archive/archived-event.js';

/** A list as JSON text. The events stand in it letter by letter as in the log: they were never parsed. */
export function pageText(events: readonly ArchivedEvent[], next?: string): string {
  const items = events.map(({ body }) => body).join(',');
  return `{"items":[${items}]${next === undefined ? '' : `,"next":${JSON.stringify(next)}`}}`;
}
