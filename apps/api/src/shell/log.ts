/** Structured log lines. Fields never hold secrets: no tokens, scripts, or URLs with passwords. */
export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
  /** The same with these fields in every line. */
  readonly child: (fields: object) => Log;
}

/** For those who need not be heard. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

export type Say = (message: string, fields?: object) => void;
