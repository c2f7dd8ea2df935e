import { type DestinationStream, type Logger, pino } from 'pino';
import type { Log } from './log.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on standard output, one per event: `level`, `time` (RFC 3339), `msg`, and fields. */
export function openLog(app: string, level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return over(destination === undefined ? pino(options) : pino(options, destination));
}

const over = (logger: Logger): Log => ({
  debug: (message, fields) => logger.debug(fields ?? {}, message),
  info: (message, fields) => logger.info(fields ?? {}, message),
  warn: (message, fields) => logger.warn(fields ?? {}, message),
  error: (message, fields) => logger.error(fields ?? {}, message),
  child: (fields) => over(logger.child(fields)),
});
