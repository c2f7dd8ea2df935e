import type { Setting } from './setting.js';

/** Settings known from Anka Build Cloud, honoured under their own names so that an existing deployment file can stay as it is. */
export const ANKA_SETTINGS = [
  {
    name: 'ANKA_CONFIG',
    apps: ['start', 'api', 'scheduler', 'node-agent'],
    kind: 'path',
    meaning: 'An ini file of settings, `listen-addr = :80` for ANKA_LISTEN_ADDR. A variable or a flag goes before it.',
  },
  {
    name: 'ANKA_ANKA_REGISTRY',
    aliases: ['ANKA_REGISTRY'],
    apps: ['api'],
    kind: 'url',
    protocols: ['http', 'https'],
    meaning: 'Registry URL that is given to nodes and shown in answers.',
  },
  {
    name: 'ANKA_ALLOW_EMPTY_REGISTRY',
    apps: ['api'],
    kind: 'boolean',
    default: 'true',
    meaning: 'Whether the API starts without ANKA_ANKA_REGISTRY; images then come from the API itself.',
  },
  {
    name: 'ANKA_RUN_REGISTRY',
    apps: ['start', 'api'],
    kind: 'boolean',
    default: 'true',
    meaning: 'Whether the API serves the registry’s own routes, on MUSTER_REGISTRY_LISTEN.',
  },
  {
    name: 'ANKA_INSTANCE_TIME_OUT',
    apps: ['scheduler', 'api'],
    kind: 'duration',
    default: '1m',
    meaning: 'How long a terminating and then a terminated VM stays visible.',
  },
  {
    name: 'ANKA_NODE_ACTIVE_TIMEOUT',
    apps: ['scheduler'],
    kind: 'duration',
    default: '2m',
    meaning: 'How long a node may be silent before it counts as offline.',
  },
  {
    name: 'ANKA_UNKNOWN_VM_THRESHOLD',
    apps: ['node-agent'],
    kind: 'integer',
    default: '30',
    atLeast: 0,
    atMost: 1_000_000,
    meaning:
      'How often in a row, once per heartbeat, a VM that nobody knows is seen on a host before it is ended; 0: never.',
  },
  {
    name: 'ANKA_GRACEFUL_SHUTDOWN_TIMEOUT',
    apps: ['start', 'api', 'scheduler', 'node-agent'],
    kind: 'duration',
    default: '10s',
    meaning: 'How long a process may take to finish what it began once it is told to stop.',
  },
  {
    name: 'ANKA_ALLOW_CORS',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether every route answers with Access-Control-Allow-Origin.',
  },
  {
    name: 'ANKA_ENABLE_METRICS',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether the API serves Prometheus metrics on a listener of their own.',
  },
  {
    name: 'ANKA_METRICS_PATH',
    apps: ['api'],
    kind: 'string',
    default: '/metrics',
    meaning: 'Path of the metrics.',
  },
  {
    name: 'ANKA_METRICS_PORT',
    apps: ['api'],
    kind: 'integer',
    default: '2112',
    atLeast: 0,
    atMost: 65_535,
    meaning: 'Port of the metrics.',
  },
] as const satisfies readonly Setting[];
