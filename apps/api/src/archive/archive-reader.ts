import type { EventType } from '#domain';
import { EVENTS, type Noun } from '#events';
import type { ArchivedEvent } from './archived-event.js';

/** Events that one `find` gives at most, however many are asked for. */
export const MAX_FOUND = 1_000;
/** Events about one thing that `history` gives at most; there is no use for a longer story in one piece. */
export const MAX_HISTORY = 100_000;

/** What is looked for; an event must fit all that is given. */
export interface EventQuery {
  /** Names of types, e.g. `VMStarted`. */
  readonly types?: readonly string[];
  readonly noun?: Noun;
  readonly subjectId?: string;
  readonly actor?: string;
  readonly correlationId?: string;
  readonly commandSequence?: number;
  /** Only types that this build knows are of a kind. */
  readonly kind?: 'apiAction' | 'systemAction';
  /** Unix ms; this very moment included. */
  readonly since?: number;
  /** Unix ms; this very moment excluded. */
  readonly until?: number;
  /** Behind this sequence. */
  readonly after?: number;
  /** Before this sequence. */
  readonly before?: number;
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
}

/** Up to and with which event a history is told. */
export interface HistoryEnd {
  readonly sequence?: number;
  /** Unix ms, included. */
  readonly time?: number;
}

/** The events that the installation remembers. Every method throws `Unavailable` when the archive is away. */
export interface ArchiveReader {
  /** By sequence. */
  find(query: EventQuery): Promise<readonly ArchivedEvent[]>;

  /** The first event of this id. */
  byId(id: string): Promise<ArchivedEvent | undefined>;

  /** All events about one thing, oldest first. Throws when there are more than {@link MAX_HISTORY}. */
  history(noun: Noun, subjectId: string, until?: HistoryEnd): Promise<readonly ArchivedEvent[]>;

  /** Sequences of the first and the last event that are kept; of an empty archive the last is one less than the first. */
  extent(): Promise<{ readonly first: number; readonly last: number }>;
}

/** The types that a query lets pass; undefined: all. */
export function typesOf({ types, kind }: Pick<EventQuery, 'types' | 'kind'>): readonly string[] | undefined {
  if (kind === undefined) return types;
  const ofKind = (Object.keys(EVENTS) as EventType[]).filter((type) => EVENTS[type].kind === kind);
  return types === undefined ? ofKind : ofKind.filter((type) => types.includes(type));
}

export const tooLong = (noun: Noun, subjectId: string): Error =>
  new Error(`Cannot tell the history of ${noun} ${subjectId} in one piece: it has more than ${MAX_HISTORY} events`);
