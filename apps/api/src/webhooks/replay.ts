import type { ArchiveReader, EventQuery } from '../archive/archive-reader.js';
import { wants } from './matching.js';
import type { Endpoint } from './endpoint.js';
import { DELIVERY_PAGE, type WebhookStore } from './webhook-store.js';

/** Events that one call queues at most, and looks at. The answer says where the next one goes on. */
export const MAX_REPLAYED = 10_000;
export const MAX_LOOKED_AT = 100_000;

/** Which events of the archive: from and to sequences or times, each with both ends. */
export interface Stretch {
  readonly from?: { readonly sequence: number } | { readonly time: number };
  readonly to?: { readonly sequence: number } | { readonly time: number };
}

export interface Replayed {
  readonly count: number;
  /** The sequence at which another call goes on; undefined: that was all. */
  readonly next: number | undefined;
}

interface ReplayParts {
  readonly store: Pick<WebhookStore, 'requeue'>;
  readonly archive: Pick<ArchiveReader, 'find'>;
}

/** Queues past events that match once more, page by page, oldest first. */
export async function replay(
  { store, archive }: ReplayParts,
  endpoint: Endpoint,
  stretch: Stretch,
  most: { readonly queued: number; readonly lookedAt: number } = { queued: MAX_REPLAYED, lookedAt: MAX_LOOKED_AT },
): Promise<Replayed> {
  const query = queryOf(stretch);
  let [count, lookedAt, after] = [0, 0, query.after];
  for (;;) {
    const page = await archive.find({ ...query, ...(after !== undefined && { after }), limit: DELIVERY_PAGE });
    const room = most.queued - count;
    const wanted = page.filter((event) => wants(endpoint, event));
    await store.requeue(endpoint.id, wanted.slice(0, room));
    count += Math.min(wanted.length, room);
    lookedAt += page.length;
    const left = wanted[room];
    if (left !== undefined) return { count, next: left.sequence };
    after = page.at(-1)?.sequence;
    if (after === undefined || page.length < DELIVERY_PAGE) return { count, next: undefined };
    if (lookedAt >= most.lookedAt) return { count, next: after + 1 };
  }
}

function queryOf({ from, to }: Stretch): Omit<EventQuery, 'limit'> {
  return {
    order: 'oldest',
    ...(from && ('sequence' in from ? { after: from.sequence - 1 } : { since: from.time })),
    ...(to && ('sequence' in to ? { before: to.sequence + 1 } : { until: to.time + 1 })),
  };
}
