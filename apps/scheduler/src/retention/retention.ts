/** How long streams keep what is not needed, and how that is gone about. */
export interface Retention {
  /** Events are kept at least this long, ms; absent: for ever. */
  readonly eventsMs: number | undefined;
  /** The same for commands. */
  readonly commandsMs: number | undefined;
  readonly lookMs: number;
  readonly minEvents: number;
  readonly marginEvents: number;
}

/** What has to have read an event before it may go: they answer for doors, and for whoever asks what has been. */
export const READERS = ['archive', 'projection'] as const;
