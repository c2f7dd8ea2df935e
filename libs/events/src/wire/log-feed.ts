import { LogCut, Unavailable } from '../fault.js';
import type { LoggedEvent } from '../ports/event-log.js';
import type { Feed } from '../ports/feed.js';
import type { LogKeeper, Remnant } from '../ports/log-keeper.js';

/** Pause before the server is asked again where the log begins, ms. */
const RETRY_MS = 500;
/** After so long without anything of the remnant the server is asked whether there still is one, ms. */
const STILL_MS = 1000;

/** Methods that ask a server throw `Unavailable`. */
export interface LogSource {
  readonly keeper: Pick<LogKeeper, 'extentOf' | 'remnant' | 'followDraft'>;
  incarnation(): Promise<string>;
  events(from: number): Feed<LoggedEvent>;
  /** Whether asking again is in vain. */
  isClosed(): boolean;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Which log, the first sequence of it that is there, and what stands for those before it. */
interface Beginning {
  readonly incarnation: string;
  readonly first: number;
  readonly remnant: Remnant | undefined;
}

/** The log from its beginning: when that was cut off, what is needed of it, and then the rest. */
export class WholeLog implements Feed<LoggedEvent>, AsyncIterator<LoggedEvent, undefined> {
  private current: AsyncIterator<LoggedEvent, undefined> | undefined;
  private feed: Feed<LoggedEvent> | undefined;
  private remnant: Remnant | undefined;
  private left = 0;
  private waiting = false;
  private dropped: LogCut | undefined;
  private readonly remnantRead = new AbortController();
  private stopped = false;

  constructor(private readonly source: LogSource) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  stop(): void {
    this.stopped = true;
    this.remnantRead.abort();
    this.feed?.stop();
  }

  return(): Promise<IteratorResult<LoggedEvent, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Once the remnant is read, nothing stands between the reader and the feed of the stream. */
  next(): Promise<IteratorResult<LoggedEvent, undefined>> {
    return this.current !== undefined && this.remnant === undefined ? this.current.next() : this.nextOfRemnant();
  }

  private async nextOfRemnant(): Promise<IteratorResult<LoggedEvent, undefined>> {
    if (this.current === undefined) await this.open();
    if (this.stopped || this.current === undefined) return { done: true, value: undefined };
    if (this.remnant === undefined) return this.current.next();
    if (this.left > 0) {
      this.left--;
      return this.ofDraft(this.current);
    }
    this.remnantRead.abort();
    this.feed?.stop();
    const { through } = this.remnant;
    this.remnant = undefined;
    this.read(this.source.events(through + 1));
    return this.next();
  }

  private async ofDraft(draft: AsyncIterator<LoggedEvent, undefined>): Promise<IteratorResult<LoggedEvent, undefined>> {
    this.waiting = true;
    try {
      const next = await draft.next();
      if (this.dropped !== undefined) throw this.dropped;
      return next;
    } catch (cause) {
      this.remnantRead.abort();
      throw cause;
    } finally {
      this.waiting = false;
    }
  }

  /** The draft of a remnant that was replaced is dropped one day, and then nothing of it comes any more, for ever. */
  private async watch({ name }: Remnant): Promise<void> {
    for (;;) {
      const { left } = this;
      await this.source.sleep(STILL_MS, this.remnantRead.signal);
      if (!this.waiting || this.left !== left) continue;
      if ((await this.beginning()).remnant?.name === name) continue;
      this.dropped = new LogCut('Cannot read the log from its beginning: the remnant was replaced while it was read');
      return this.feed?.stop();
    }
  }

  private async open(): Promise<void> {
    const { incarnation, first, remnant } = await this.beginning();
    if (this.stopped) return;
    if (first <= 1) return this.read(this.source.events(1));
    // What is left of a log that was deleted stands for nothing of this one.
    if (remnant?.incarnation !== incarnation || remnant.through < first - 1)
      throw new LogCut(
        `Cannot read the log from its beginning: it begins with ${first}, and no remnant of it reaches up to there`,
      );
    this.remnant = remnant;
    this.left = remnant.events;
    this.read(this.source.keeper.followDraft(remnant.name));
    // What ends it, other than the end of the remnant, ends the reading of the draft as well.
    this.watch(remnant).catch(() => undefined);
  }

  private async beginning(): Promise<Beginning> {
    const { keeper } = this.source;
    for (;;) {
      try {
        const incarnation = await this.source.incarnation();
        const { first } = await keeper.extentOf('EVENTS');
        return { incarnation, first, remnant: (await keeper.remnant())?.remnant };
      } catch (error) {
        if (!(error instanceof Unavailable) || this.stopped || this.source.isClosed()) throw error;
        await this.source.sleep(RETRY_MS);
      }
    }
  }

  private read(feed: Feed<LoggedEvent>): void {
    this.feed = feed;
    this.current = feed[Symbol.asyncIterator]();
    if (this.stopped) feed.stop();
  }
}
