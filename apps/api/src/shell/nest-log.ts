import type { Log, Say } from './log.js';

/** Nest's own words as lines of our log. What it says at level `log`, every route and module, is `debug` to an operator. */
export function nestLog(log: Log) {
  const line =
    (write: Say) =>
    (message: unknown, ...rest: unknown[]) =>
      write(message instanceof Error ? message.message : String(message), fieldsOf(message, rest));
  return {
    verbose: line(log.debug),
    debug: line(log.debug),
    log: line(log.debug),
    warn: line(log.warn),
    error: line(log.error),
    fatal: line(log.error),
  };
}

/** Nest's optional parameters: perhaps a stack, and last the name of what speaks. */
function fieldsOf(message: unknown, rest: readonly unknown[]): object {
  const texts = rest.filter((item) => typeof item === 'string');
  const stack = message instanceof Error ? message.stack : texts.find((text) => text.includes('\n    at '));
  return { context: texts.at(-1), ...(stack !== undefined && { stack }) };
}
