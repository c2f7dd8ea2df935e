import { type Cluster, emptyCluster, evolve } from '#domain';
import { type EventLog, type Feed, LogCut, type LoggedEvent } from '#events';

/** Folds the next event as the log gives it. One of a type that a newer build wrote still takes its place. */
export function foldLogged(cluster: Cluster, { sequence, recorded }: Pick<LoggedEvent, 'sequence' | 'recorded'>): void {
  if (recorded !== undefined) evolve(cluster, recorded);
  cluster.sequence = Math.max(cluster.sequence, sequence);
}

/**
 * Keeps the cluster in memory as the log tells it: what a stand-by does all the time, and what a new leader does until it has read
 * everything that its predecessor wrote.
 */
export class Follower {
  cluster: Cluster = emptyCluster();
  /** Events that were passed over because this build cannot read them, each time that they were met. */
  unreadable = 0;
  private feed: Feed<LoggedEvent> | undefined;
  private reading: Promise<void> = Promise.resolve();
  private waiting: { sequence: number; resolve: () => void; reject: (cause: unknown) => void }[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly onBroken: (cause: unknown) => void,
  ) {}

  /** Starts or goes on reading behind the last event folded. */
  start(): void {
    if (this.feed !== undefined) return;
    const feed = this.log.follow(this.cluster.sequence + 1);
    this.feed = feed;
    this.reading = this.read(feed);
  }

  /** Stops reading; afterwards nobody but the caller changes the cluster. */
  async stop(): Promise<void> {
    this.feed?.stop();
    this.feed = undefined;
    await this.reading;
  }

  /** Forgets everything; the next start reads the log from its beginning. For when the cluster in memory cannot be trusted. */
  async reset(): Promise<void> {
    await this.stop();
    this.cluster = emptyCluster();
  }

  /** Resolves when the cluster holds the event of this sequence. */
  async reached(sequence: number): Promise<void> {
    if (this.cluster.sequence >= sequence) return;
    await new Promise<void>((resolve, reject) => this.waiting.push({ sequence, resolve, reject }));
  }

  private async read(feed: Feed<LoggedEvent>): Promise<void> {
    try {
      for await (const logged of feed) {
        if (this.feed !== feed) return;
        foldLogged(this.cluster, logged);
        if (logged.recorded === undefined) this.unreadable += 1;
        this.wake();
      }
    } catch (cause) {
      if (this.feed === feed) this.feed = undefined;
      // While it was away, what it was about to read was cut off: only the whole log, as it is now, tells what is true.
      if (cause instanceof LogCut) this.cluster = emptyCluster();
      this.waiting.splice(0).forEach(({ reject }) => reject(cause));
      this.onBroken(cause);
    }
  }

  private wake(): void {
    if (this.waiting.length === 0) return;
    const ready = this.waiting.filter(({ sequence }) => sequence <= this.cluster.sequence);
    this.waiting = this.waiting.filter(({ sequence }) => sequence > this.cluster.sequence);
    ready.forEach(({ resolve }) => resolve());
  }
}
