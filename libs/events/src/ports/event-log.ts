import type { RecordedEvent } from '#domain';
import type { Feed } from './feed.js';

/** EVENTS. */
export interface EventLog {
  /**
   * All events from this sequence on; of unknown types only the place remains. The feed throws when the log does not reach up to there:
   * it lost its newest events, and to wait for the sequence would skip new ones.
   *
   * Of a log that was cut, whoever asks for the very beginning gets of what was cut off the events that are needed still, at their own
   * places, and then all the others. Whoever asks for a place in between that is gone gets `LogCut`: what it has was built from events of
   * which nobody can tell it the rest.
   */
  follow(fromSequence: number): Feed<LoggedEvent>;

  /** Sequence of the last event, 0 when there is none. */
  lastSequence(): Promise<number>;

  /** Which log this is: changes when the stream was deleted and made anew, so that a follower notices that its place means nothing. */
  incarnation(): Promise<string>;

  /** Opens the log for the one writer. The first event appended must carry `afterSequence + 1`. */
  appender(afterSequence: number): EventAppender;
}

/**
 * A place in the log. `recorded` is absent when this build does not know the type; `raw` is what is stored. Both are read when they are
 * looked at, `recorded` throws `Undecodable` for what is no event of ours.
 */
export interface LoggedEvent {
  readonly sequence: number;
  readonly recorded: RecordedEvent | undefined;
  /** The CloudEvent as JSON text. */
  readonly raw: string;
}

/**
 * Guarded appends, pipelined. Each event must land on exactly its own sequence; the first that cannot breaks the appender for good,
 * and all appends in flight and later reject: with `Deposed` when another writer was there, with `Unavailable` when it is unknown
 * whether they were stored. Then only the log knows, and must be read again.
 */
export interface EventAppender {
  /** Resolves when all are durable. Calls may overlap; order is kept. Waits when too many are in flight. */
  append(events: readonly RecordedEvent[]): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  close(): void;
}
