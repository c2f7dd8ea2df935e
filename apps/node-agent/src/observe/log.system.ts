import { type Logger, pino } from 'pino';
import { logFormat } from '#events';

/** JSON lines on standard output. */
export function openLog(level: string): Logger {
  return pino({ level, ...logFormat('node-agent') });
}
