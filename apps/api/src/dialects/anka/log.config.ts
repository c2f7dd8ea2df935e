import { join } from 'node:path';
import { type Environment, readSettings } from '#events';
import type { CentralLogLimits } from './central-log/central-log.js';
import type { HttpSinkOptions } from './event-log/http-sink.http.js';

const BYTES_OF_MB = 1024 * 1024;
const MS_OF_DAY = 86_400_000;

export interface CentralLogConfig extends CentralLogLimits {
  readonly dir: string;
}

/** Who is told of events. */
export interface EventLogConfig {
  readonly http?: HttpSinkOptions & { readonly quickRetries: number };
  /** In the central logs. */
  readonly file: boolean;
}

/** What an operator may set about logs. */
export interface LogConfig {
  readonly centralLog: CentralLogConfig;
  readonly eventLog: EventLogConfig;
}

export function readLogConfig(env: Environment): LogConfig {
  const settings = readSettings(env, [
    'MUSTER_HOME',
    'ANKA_LOGS_DIR',
    'ANKA_MAX_LOG_SIZE',
    'ANKA_KEEP_LOGS_FOR',
    'ANKA_ROTATE_LOG_FILES_AT_MAX_FILE_SIZE',
    'ANKA_ROTATE_LOG_FILES_AT_END_OF_DAY',
  ]);
  return {
    centralLog: {
      dir: settings.ANKA_LOGS_DIR ?? join(settings.MUSTER_HOME, 'central-logs'),
      maxFileBytes: settings.ANKA_MAX_LOG_SIZE * BYTES_OF_MB,
      keepMs: settings.ANKA_KEEP_LOGS_FOR * MS_OF_DAY,
      keepFullFiles: settings.ANKA_ROTATE_LOG_FILES_AT_MAX_FILE_SIZE,
      rotateDaily: settings.ANKA_ROTATE_LOG_FILES_AT_END_OF_DAY,
    },
    eventLog: readEventLog(env),
  };
}

function readEventLog(env: Environment): EventLogConfig {
  const settings = readSettings(env, [
    'ANKA_ENABLE_EVENT_LOGGING',
    'ANKA_EVENT_LOG_URL',
    'ANKA_ENABLE_CENTRAL_LOGGING',
    'ANKA_REQUEST_TIMEOUT',
    'ANKA_DIAL_TIMEOUT',
    'ANKA_TLS_HANDSHAKE_TIMEOUT',
    'ANKA_NUM_HTTP_RETRIES',
    'ANKA_SKIP_TLS_VERIFICATION',
  ]);
  if (!settings.ANKA_ENABLE_EVENT_LOGGING) return { file: false };
  const url = settings.ANKA_EVENT_LOG_URL;
  const http = url !== undefined && {
    url,
    requestMs: settings.ANKA_REQUEST_TIMEOUT,
    dialMs: settings.ANKA_DIAL_TIMEOUT,
    tlsHandshakeMs: settings.ANKA_TLS_HANDSHAKE_TIMEOUT,
    skipTlsVerification: settings.ANKA_SKIP_TLS_VERIFICATION,
    quickRetries: settings.ANKA_NUM_HTTP_RETRIES,
  };
  return { ...(http && { http }), file: settings.ANKA_ENABLE_CENTRAL_LOGGING };
}
