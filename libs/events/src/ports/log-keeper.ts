import type { Feed } from './feed.js';
import type { LoggedEvent } from './event-log.js';

/**
 * What whoever reads the log from the beginning reads in place of what was cut off it: of the events up to `through`, those that are
 * needed still (ADR 0025).
 */
export interface Remnant {
  readonly name: string;
  /** Of the log that it belongs to. */
  readonly incarnation: string;
  readonly through: number;
  readonly events: number;
  /** SHA-256 over all of them, in hex; see `RemnantDigest`. */
  readonly digest: string;
}

export interface KeptRemnant {
  readonly remnant: Remnant;
  /** Guards its replacement. */
  readonly revision: number;
}

export type CutStream = 'COMMANDS' | 'EVENTS';

/** Keeps the streams from growing for ever. For the one writer of the log only. Everything throws `Unavailable`. */
export interface LogKeeper {
  remnant(): Promise<KeptRemnant | undefined>;

  /** Stores events for a remnant of this name, behind those that it has. Resolves when they are durable. */
  addToDraft(name: string, events: readonly LoggedEvent[]): Promise<void>;

  /** What was stored under this name, in order; afterwards the feed waits for more. */
  followDraft(name: string): Feed<LoggedEvent>;

  /** Puts the remnant in the place of the one with this revision; 0: of none. Undefined: another one was faster. */
  replaceRemnant(remnant: Remnant, revision: number): Promise<number | undefined>;

  /** Drops everything stored for remnants but these. */
  dropDrafts(except: readonly string[]): Promise<void>;

  /** First and last sequence of a stream that are there; last is first − 1 when it is empty. */
  extentOf(stream: CutStream): Promise<{ readonly first: number; readonly last: number }>;

  /** Sequence of the last message that was stored before then, unix ms; that before the first when there is none. */
  lastBefore(stream: CutStream, time: number): Promise<number>;

  /**
   * Cuts off oldest events, none beyond this sequence by more than are appended meanwhile, and only as many as the server takes away
   * in a moment. The first sequence that is left. Others go on appending.
   */
  cutEvents(upTo: number): Promise<number>;

  /** What an interrupted cut may have left open is closed: nothing is cut off any more. Before the first append of a writer. */
  settle(): Promise<void>;

  /** Cuts off all commands up to this sequence. */
  cutCommands(upTo: number): Promise<void>;
}
