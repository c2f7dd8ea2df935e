import { settled, VirtualClock } from '#events/testing';
import type { Feed, LoggedEvent } from '#events';
import { type BatchLimits, EventBatches } from './event-batches.js';

/** A feed that gives what it is given. */
function feedOf() {
  const queue: LoggedEvent[] = [];
  let ring: () => void = () => undefined;
  let ended = false;
  async function* events(): AsyncGenerator<LoggedEvent> {
    while (!ended || queue.length > 0) {
      if (queue.length === 0) await new Promise<void>((resolve) => (ring = resolve));
      yield* queue.splice(0);
    }
  }
  const feed: Feed<LoggedEvent> = Object.assign(events(), { stop: () => void ((ended = true), ring()) });
  const give = (...sequences: number[]): void => {
    queue.push(...sequences.map((sequence): LoggedEvent => ({ sequence, recorded: undefined, raw: '' })));
    ring();
  };
  return { feed, give };
}

/** Batches as they come, each with the time since the beginning, ms. */
function taking(limits: BatchLimits) {
  const clock = new VirtualClock(0);
  const { feed, give } = feedOf();
  const taken: [atMs: number, ...sequences: number[]][] = [];
  const batches = new EventBatches(feed, clock, limits, ({ sequence }) => sequence);
  const running = (async () => {
    for (let batch = await batches.next(); batch.length > 0; batch = await batches.next())
      taken.push([clock.now(), ...batch]);
  })();
  const after = async (ms: number, ...sequences: number[]): Promise<void> => {
    await clock.advanceBy(ms);
    give(...sequences);
    await settled();
  };
  const end = async (): Promise<void> => {
    feed.stop();
    await running;
  };
  return { clock, taken, after, end };
}

describe('batches of events', () => {
  it('are gathered for as long as the first event waits for company', async () => {
    const { clock, taken, after, end } = taking({ maxEvents: 10, lingerMs: 5 });
    await after(0, 1, 2);
    await after(4, 3);
    await clock.advanceBy(1);
    await after(100, 4);
    await clock.advanceBy(5);
    await end();
    expect(taken).toEqual([
      [5, 1, 2, 3],
      [110, 4],
    ]);
  });

  const gap = { ms: 20, enough: 3 };

  it('that are small come no more often than the gap, and at once after a longer rest', async () => {
    const { clock, taken, after, end } = taking({ maxEvents: 10, lingerMs: 1, gap });
    await after(0, 1);
    await after(1);
    await after(3, 2);
    await after(10, 3);
    await clock.advanceBy(7);
    await after(60, 4);
    await clock.advanceBy(1);
    await end();
    expect(taken).toEqual([
      [1, 1],
      [21, 2, 3],
      [82, 4],
    ]);
  });

  it('do not wait for it once there are enough events, nor for anything once they are full', async () => {
    const { taken, after, end } = taking({ maxEvents: 4, lingerMs: 1, gap });
    await after(0, 1, 2, 3, 4);
    await after(2, 5, 6);
    await after(3, 7);
    await after(20);
    await end();
    expect(taken).toEqual([
      [0, 1, 2, 3, 4],
      [5, 5, 6, 7],
    ]);
  });
});
