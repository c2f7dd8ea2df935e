import type { Clock, EventLog, LoggedEvent } from '#events';
import { type BatchLimits, EventBatches } from './event-batches.js';

/** How a log is read: from which sequence on, and what is made of each event while the batch before is being written. */
export interface Reading<T> {
  readonly from: number;
  readonly limits: BatchLimits;
  readonly prepare: (event: LoggedEvent) => T;
}

/** Hands the log to `take`, batch by batch, until the signal is given. Throws what the log or `take` throws. */
export async function inBatches<T>(
  { log, clock }: { readonly log: Pick<EventLog, 'follow'>; readonly clock: Clock },
  reading: Reading<T>,
  signal: AbortSignal,
  take: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  const feed = log.follow(reading.from);
  const stop = () => feed.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const batches = new EventBatches(feed, clock, reading.limits, reading.prepare);
    for (;;) {
      const batch = await batches.next();
      if (batch.length === 0) return;
      await take(batch);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    feed.stop();
  }
}
