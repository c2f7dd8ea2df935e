import { type DestinationStream, type Logger, pino } from 'pino';
import { logFormat } from '#events';
import type { Log } from './log.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on standard output, one per event. */
export function openLog(app: string, level: LogLevel, destination?: DestinationStream): Log {
  const options = { level, ...logFormat(app) };
  return over(destination === undefined ? pino(options) : pino(options, destination));
}

const over = (logger: Logger): Log => ({
  debug: (message, fields) => logger.debug(fields ?? {}, message),
  info: (message, fields) => logger.info(fields ?? {}, message),
  warn: (message, fields) => logger.warn(fields ?? {}, message),
  error: (message, fields) => logger.error(fields ?? {}, message),
  child: (fields) => over(logger.child(fields)),
});
