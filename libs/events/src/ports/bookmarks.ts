/** How far a reader of EVENTS has come. */
export interface Bookmark {
  /** Which log; another incarnation is another log. */
  readonly incarnation: string;
  /** Everything up to here is done. */
  readonly sequence: number;
  /** Also done, beyond that: ascending, few. */
  readonly done: readonly number[];
}

/** A bookmark as it was read or written, with what guards the next write. */
export interface KeptBookmark {
  readonly bookmark: Bookmark;
  readonly revision: number;
}

/** Durable places in EVENTS, under names, beside the log itself: whoever reads under a name goes on where the last one left off. */
export interface Bookmarks {
  /** Undefined: nobody has ever read under this name. Throws `Unavailable`. */
  read(name: string): Promise<KeptBookmark | undefined>;
  /** Where everybody is, by name. Throws `Unavailable`. */
  all(): Promise<ReadonlyMap<string, Bookmark>>;
  /**
   * Compare and set: moves the bookmark if `revision` is still its own; 0: if there is none. Returns the new revision, undefined when
   * somebody else has moved it. Throws `Unavailable`: then it is unknown whether it was moved.
   */
  move(name: string, bookmark: Bookmark, revision: number): Promise<number | undefined>;
}
