/** Structured log lines. Fields never hold secrets: no tokens, scripts, or URLs with passwords. */
export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  /** The same with these fields in every line. */
  child(fields: object): Log;
}

/** For those who need not be heard. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
