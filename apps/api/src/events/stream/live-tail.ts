import { type Clock, type EventLog, type Feed, type LoggedEvent, Unavailable } from '#events';
import { liveEvent } from './live-event.js';
import type { Ring } from './ring.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface TailNews {
  /** There is more in the ring. */
  more(): void;
  /** What was followed is no more: another log has taken its place, and no sequence means what it did. */
  lost(): void;
  trouble(message: string): void;
}

/**
 * The one follower of EVENTS that this process has for all of its clients. It begins with the first of them, so that a replica without
 * any does not read the log twice, and then goes on for as long as the process.
 */
export class LiveTail {
  private kept: Ring | undefined;
  private beginning: Promise<Ring> | undefined;
  private began: () => void = () => undefined;
  private readonly begun = new Promise<void>((resolve) => (this.began = resolve));

  constructor(
    private readonly log: Pick<EventLog, 'follow' | 'lastSequence'>,
    private readonly clock: Clock,
    private readonly newRing: (base: number) => Ring,
  ) {}

  /** Undefined until somebody has asked for it. */
  get ring(): Ring | undefined {
    return this.kept;
  }

  /** The ring; the first call makes it, empty, at the end of the log. Throws `Unavailable`. */
  open(): Promise<Ring> {
    if (this.kept !== undefined) return Promise.resolve(this.kept);
    this.beginning ??= this.renew().finally(() => (this.beginning = undefined));
    return this.beginning;
  }

  /** Follows until the signal is given, from the first `open` on. */
  async run(signal: AbortSignal, news: TailNews): Promise<void> {
    await Promise.race([
      this.begun,
      new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
    ]);
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const from = this.ring?.last;
      try {
        await this.follow(signal, news);
      } catch (error) {
        await this.afterFailure(error, news);
      }
      if (signal.aborted) return;
      pauseMs = this.ring?.last === from ? Math.min(2 * pauseMs, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
      await this.clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  private async renew(): Promise<Ring> {
    this.kept = this.newRing(await this.log.lastSequence());
    this.began();
    return this.kept;
  }

  private async follow(signal: AbortSignal, news: TailNews): Promise<void> {
    const ring = await this.open();
    const feed = this.log.follow(ring.last + 1);
    const stop = () => feed.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await take(feed, ring, news);
    } finally {
      signal.removeEventListener('abort', stop);
      feed.stop();
    }
  }

  /** The connection comes back by itself; a log that lost its end does not. */
  private async afterFailure(error: unknown, news: TailNews): Promise<void> {
    news.trouble(error instanceof Error ? error.message : String(error));
    if (error instanceof Unavailable) return;
    this.kept = undefined;
    news.lost();
  }
}

async function take(feed: Feed<LoggedEvent>, ring: Ring, news: TailNews): Promise<void> {
  for await (const logged of feed) {
    if (logged.sequence <= ring.last) continue;
    ring.push(liveEvent(logged));
    news.more();
  }
}
