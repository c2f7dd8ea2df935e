import { positionOf } from '../events/cursor.js';
import { PAGE_ITEMS } from '../events/event-query.dto.js';
import { wrongQuery } from '../events/query.dto.js';

export interface Page {
  readonly limit: number;
  /** Where the page before has ended. */
  readonly position: number | undefined;
}

/** Which page of a list is wanted; `list` says which list. Throws a 400 when the cursor is of another one. */
export function pageOf({ limit = PAGE_ITEMS, cursor }: { limit?: number; cursor?: string }, list: object): Page {
  const position = cursor === undefined ? undefined : positionOf(list, cursor);
  if (cursor !== undefined && position === undefined) throw wrongQuery(['cursor is not one of this list']);
  return { limit, position };
}
