import type { Logger } from 'pino';

/** Nest's own words as lines of our log. What it says at level `log` is `debug` to an operator. */
export function nestLog(logger: Logger) {
  const line =
    (level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]): void =>
      logger[level]({ context: rest.findLast((item) => typeof item === 'string') }, String(message));
  return {
    verbose: line('trace'),
    debug: line('debug'),
    log: line('debug'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('fatal'),
  };
}
