import type { Setting } from './setting.js';

/** The settings of the event log and the central logs, as Anka Build Cloud calls them, and of requests to others. */
export const LOG_SETTINGS = [
  {
    name: 'ANKA_ENABLE_EVENT_LOGGING',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning:
      'Whether events are told: to ANKA_EVENT_LOG_URL, and with central logging in the file of the service `event`.',
  },
  {
    name: 'ANKA_EVENT_LOG_URL',
    apps: ['api'],
    kind: 'url',
    protocols: ['http', 'https'],
    meaning:
      'Takes each event as a JSON object by POST; may have a user and a password. Unset: nobody is told by HTTP.',
  },
  {
    name: 'ANKA_ENABLE_CENTRAL_LOGGING',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether the API writes its event log into the central logs. Logs that others send are always taken.',
  },
  {
    name: 'ANKA_LOGS_DIR',
    apps: ['api'],
    kind: 'path',
    meaning: 'Folder of the central logs. Unset: `central-logs` in MUSTER_HOME.',
  },
  {
    name: 'ANKA_KEEP_LOGS_FOR',
    apps: ['api'],
    kind: 'integer',
    default: '7',
    atLeast: 1,
    atMost: 3650,
    meaning: 'Days after which a central log that was put aside is deleted.',
  },
  {
    name: 'ANKA_MAX_LOG_SIZE',
    apps: ['api'],
    kind: 'integer',
    default: '1024',
    atLeast: 1,
    atMost: 1_048_576,
    meaning: 'MB to which a central log may grow.',
  },
  {
    name: 'ANKA_ROTATE_LOG_FILES_AT_MAX_FILE_SIZE',
    apps: ['api'],
    kind: 'boolean',
    default: 'true',
    meaning: 'Whether a central log that is full is put aside; else what it holds is dropped.',
  },
  {
    name: 'ANKA_ROTATE_LOG_FILES_AT_END_OF_DAY',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether the first line of a day (UTC) begins a new central log.',
  },
  {
    name: 'ANKA_REQUEST_TIMEOUT',
    apps: ['api'],
    kind: 'duration',
    default: '15s',
    meaning: 'How long a request to the receiver of the event log may take.',
  },
  {
    name: 'ANKA_DIAL_TIMEOUT',
    apps: ['api'],
    kind: 'duration',
    default: '5s',
    meaning: 'How long a connection to it may take to come about.',
  },
  {
    name: 'ANKA_TLS_HANDSHAKE_TIMEOUT',
    apps: ['api'],
    kind: 'duration',
    default: '5s',
    meaning: 'How long its TLS handshake may take.',
  },
  {
    name: 'ANKA_NUM_HTTP_RETRIES',
    apps: ['api'],
    kind: 'integer',
    default: '5',
    atLeast: 0,
    atMost: 1000,
    meaning: 'Failures in a row after which it counts as away: it is asked every 30 s then, until it is back.',
  },
  {
    name: 'ANKA_SKIP_TLS_VERIFICATION',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether the certificates of those whom the API calls are taken as they are.',
  },
] as const satisfies readonly Setting[];
