import type { Feed } from '../ports/feed.js';
import { missingPast } from '../wire/missing-past.js';
import type { MemoryLink } from './memory-link.js';
import type { MemoryMessage, MemoryStream } from './memory-stream.js';

/** After this time a lost delivery is noticed and made up for, ms. */
const MAKE_UP_MS = 1000;

/** Follows a stream over a link: what is there already, then what arrives, in order and once, whatever the link does meanwhile. */
export class MemoryFeed<T> implements Feed<T>, AsyncIterator<T, undefined> {
  private upcoming: number;
  /** The highest sequence that has come over the link; undefined before the first answer. */
  private arrived: number | undefined;
  private failure: Error | undefined;
  private stopped = false;
  private started = false;
  private wake: (() => void) | undefined;
  private readonly unlisten: (() => void)[] = [];

  constructor(
    private readonly link: MemoryLink,
    private readonly stream: MemoryStream,
    private readonly name: string,
    from: number,
    private readonly read: (message: MemoryMessage) => T,
  ) {
    this.upcoming = Math.max(1, from);
  }

  [Symbol.asyncIterator](): this {
    this.start();
    return this;
  }

  stop(): void {
    this.stopped = true;
    for (const unlisten of this.unlisten.splice(0)) unlisten();
    this.wake?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      if (this.stopped) return { done: true, value: undefined };
      if (this.link.closed) throw this.link.closedError();
      if (this.failure) throw this.failure;
      const wrong = missingPast(this.name, this.upcoming, this.stream.first, Infinity);
      if (wrong) throw wrong;
      if (this.upcoming <= (this.arrived ?? 0))
        return { done: false, value: this.read(this.stream.at(this.upcoming++)) };
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  private start(): void {
    if (this.started || this.stopped) return;
    this.started = true;
    this.unlisten.push(
      this.stream.listen(({ sequence }) => this.fetch(sequence)),
      this.link.onChange(() => this.fetch(this.stream.last)),
    );
    this.fetch(this.stream.last);
  }

  private fetch(sequence: number): void {
    if (this.link.closed) return this.wake?.();
    const leg = { direction: 'to-client', kind: 'delivery', subject: this.name } as const;
    const makeUp = (): void => {
      if (this.link.connected) this.link.clock.after(MAKE_UP_MS, () => !this.stopped && this.fetch(this.stream.last));
    };
    this.link.carry(leg, () => this.arrive(sequence), makeUp);
  }

  private arrive(sequence: number): void {
    if (this.arrived === undefined)
      this.failure = missingPast(this.name, this.upcoming, this.stream.first, this.stream.last);
    this.arrived = Math.max(this.arrived ?? 0, sequence);
    this.wake?.();
  }
}
