import type { Setting } from './setting.js';

/** The settings of Muster itself. */
export const OWN_SETTINGS = [
  {
    name: 'MUSTER_HOME',
    apps: ['start', 'api', 'scheduler', 'node-agent'],
    kind: 'path',
    default: '.muster',
    meaning: 'Folder for everything that must survive a restart on one machine: database, streams, images, VM disks.',
  },
  {
    name: 'MUSTER_LISTEN',
    aliases: ['ANKA_LISTEN_ADDR'],
    apps: ['start', 'api'],
    kind: 'listen',
    default: '127.0.0.1:8090',
    meaning: 'Where the API listens.',
  },
  {
    name: 'MUSTER_SCHEDULER_LISTEN',
    apps: ['scheduler'],
    kind: 'listen',
    meaning: 'Where the control plane serves health and metrics. Unset: it does not listen.',
  },
  {
    name: 'MUSTER_AGENT_LISTEN',
    apps: ['node-agent'],
    kind: 'listen',
    meaning: 'Where the node agent serves health and metrics. Unset: it does not listen.',
  },
  {
    name: 'MUSTER_NATS_URL',
    apps: ['start', 'api', 'scheduler', 'node-agent'],
    kind: 'url',
    protocols: ['nats', 'tls', 'ws', 'wss'],
    meaning: 'The NATS server with JetStream. Unset: the start command runs its own.',
  },
  {
    name: 'MUSTER_NATS_PORT',
    apps: ['start'],
    kind: 'integer',
    default: '4222',
    atLeast: 0,
    atMost: 65_535,
    meaning: 'Port of the NATS server which the start command runs; 0 takes a free one.',
  },
  {
    name: 'MUSTER_DATABASE_URL',
    apps: ['start', 'api'],
    kind: 'secret',
    protocols: ['postgres', 'postgresql'],
    meaning: 'The Postgres database of the projections. Unset: the start command runs its own.',
  },
  {
    name: 'MUSTER_BLOB_DIR',
    apps: ['api'],
    kind: 'path',
    meaning: 'Folder of the image blobs which the API serves to nodes. Unset: `blobs` in MUSTER_HOME.',
  },
  {
    name: 'MUSTER_DEMO_TEMPLATE',
    apps: ['start'],
    kind: 'boolean',
    default: 'true',
    meaning: 'Whether the start command builds and registers a small Linux template when there is none.',
  },
  {
    name: 'MUSTER_LOG_LEVEL',
    apps: ['start', 'api', 'scheduler', 'node-agent'],
    kind: 'enum',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    meaning: 'The least important log line that is written.',
  },
] as const satisfies readonly Setting[];
