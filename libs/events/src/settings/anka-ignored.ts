/** Settings of Anka Build Cloud that are accepted, so that a deployment file can stay as it is, and that change nothing here. */
export interface IgnoredSettings {
  /** A name that ends with `*` stands for all that begin so. */
  readonly names: readonly string[];
  readonly why: string;
}

export const ANKA_IGNORED: readonly IgnoredSettings[] = [
  {
    names: ['ANKA_OIDC_CLIENT_SECRET', 'ANKA_OIDC_SCOPES'],
    why: 'They are for a log-in in a browser; tokens of the provider are checked with its public keys.',
  },
  {
    names: ['ANKA_STANDALONE', 'ANKA_ETCD_*', 'ANKA_QUEUE_ETCD_*', 'ANKA_USE_ETCD_*', 'ANKA_SKIP_ETCD_*'],
    why: 'There is no etcd: streams in NATS hold the truth.',
  },
  { names: ['ANKA_DEFRAG_DB_INTERVAL'], why: 'There is no etcd to defragment.' },
  {
    names: ['ANKA_QUEUE_ADDR', 'ANKA_USE_QUEUE_TLS', 'ANKA_ENABLE_QUEUE_AUTH', 'ANKA_QUEUE_CA_CERT', 'ANKA_QUEUE_CRL'],
    why: 'Node agents talk through NATS, whose own settings say where and how.',
  },
  {
    names: ['ANKA_QUEUE_SERVER_CERT', 'ANKA_QUEUE_SERVER_KEY', 'ANKA_CLEAN_QUEUES_INTERVAL'],
    why: 'Node agents talk through NATS, whose own settings say where and how.',
  },
  {
    names: ['ANKA_QUERY_TASK_TIMEOUT', 'ANKA_RESERVE_TASK_TIMEOUT', 'ANKA_BATCH_TASK_COUNT', 'ANKA_NUM_WORKERS'],
    why: 'Nodes do not poll for tasks: each follows one value that says what it should run.',
  },
  { names: ['ANKA_SCHEDULER_INTERVAL'], why: 'Placement happens in the moment in which it becomes possible.' },
  { names: ['ANKA_NO_NODE_UPGRADES'], why: 'Node agents are never upgraded by the controller.' },
  {
    names: ['ANKA_LOCAL_ANKA_REGISTRY', 'ANKA_PUSH_REGISTRY', 'ANKA_REGISTRY_BASE_PATH'],
    why: 'The registry is a part of the API, with its blobs in MUSTER_BLOB_DIR.',
  },
  {
    names: ['ANKA_REGISTRY_VM_LIST_CACHE_TTL', 'ANKA_VM_LIST_CACHE_TTL', 'ANKA_VM_LIST_CONCURRENCY'],
    why: 'Lists come from a projection that is never stale.',
  },
  { names: ['ANKA_REGISTRY_ACCESS_LOGS'], why: 'Every request is in the log at level debug.' },
  { names: ['ANKA_BACKEND_*'], why: 'Blobs are files in MUSTER_BLOB_DIR.' },
  {
    names: ['ANKA_ENABLE_REGISTRY_AUTHORIZATION', 'ANKA_ENABLE_AUTHORIZATION'],
    why: 'The registry is a part of the API and shares its permission groups.',
  },
  {
    names: ['ANKA_V', 'ANKA_LOG_MAX_*', 'ANKA_CMD_LOG_*', 'ANKA_ERROR_LOG_*', 'ANKA_INFO_LOG_*', 'ANKA_LOG_DIR'],
    why: 'Log lines go to standard output, at MUSTER_LOG_LEVEL.',
  },
  {
    names: ['ANKA_CLEAN_MAC_ADDRESS_INTERVAL', 'ANKA_MAC_ADDR_RANGE_MAX_RETRIES'],
    why: 'A MAC address is free in the moment in which its VM has ended, and the lowest free one is known.',
  },
  { names: ['ANKA_VRAMTHRESHOLD'], why: 'It colours a user interface that is not here.' },
  { names: ['ANKA_MAX_IDLE_CONNECTION_PER_HOST'], why: 'Connections outwards are few and are kept.' },
];

/** Why the setting changes nothing; undefined when it is not known to Anka Build Cloud either. */
export function whyIgnored(name: string): string | undefined {
  return ANKA_IGNORED.find(({ names }) => names.some((pattern) => matches(pattern, name)))?.why;
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
