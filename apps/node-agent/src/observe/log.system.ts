import { type Logger, pino } from 'pino';

/** JSON lines on standard output: `level`, `time` (RFC 3339), `msg`, and fields. */
export function openLog(level: string): Logger {
  return pino({
    level,
    base: { app: 'node-agent', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
