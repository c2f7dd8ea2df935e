import { join, resolve } from 'node:path';
import { assertKnownSettings, type Environment, type ListenAddress, readSettings, requireSettings } from '#events';
import { type NodeOffer, offerOf } from './node-offer.js';

/** As in package.json. */
export const AGENT_VERSION = '0.1.0';

/** What the process of a node agent needs to know before it starts. */
export interface AgentConfig {
  readonly natsUrl: string;
  readonly logLevel: string;
  /** Where health and metrics are served; absent: nowhere. */
  readonly listen: ListenAddress | undefined;
  /** Id demanded by the operator; absent: the agent has its own. */
  readonly nodeId: string | undefined;
  /** Absolute. */
  readonly nodeDir: string;
  /** Address at which clients reach forwarded ports. */
  readonly host: string;
  /** VMs at once; absent: what fits the driver. */
  readonly capacity: number | undefined;
  /** How much of the disk templates leave free. */
  readonly reservePercent: number;
  /** What VMs may ask of the host beyond room. */
  readonly offer: NodeOffer;
  readonly api: ApiAccess;
  readonly driver: 'qemu' | 'simulated';
  readonly simulated: {
    readonly nodes: number;
    readonly bootMs: number;
    readonly failureRate: number;
    readonly pullBytesPerSecond: number;
  };
  /** See {@link AgentOptions}. */
  readonly unknownVmThreshold: number;
  /** Time between two signs of life. */
  readonly heartbeatMs: number;
  /** How long a guest may take to answer. */
  readonly readyLimitMs: number;
  /** How long the process may take to end. */
  readonly graceMs: number;
}

/** How the node reaches the API. */
export interface ApiAccess {
  /** Base address, without credentials and without a slash at the end. */
  readonly apiUrl: string;
  /** Value of the Authorization header. Secret. */
  readonly authorization?: string;
}

/** A node that beats more often tells nobody more. */
const LEAST_HEARTBEAT_MS = 100;
/** Part of the limit of a start: the node must have said why it failed before the control plane gives it up without a reason. */
const SHARE_OF_GUEST = 8 / 9;

const NAMES = [
  'MUSTER_HOME',
  'MUSTER_LOG_LEVEL',
  'MUSTER_AGENT_LISTEN',
  'MUSTER_NODE_ID',
  'MUSTER_NODE_DIR',
  'MUSTER_NODE_HOST',
  'MUSTER_NODE_CAPACITY',
  'MUSTER_NODE_RESERVE',
  'MUSTER_NODE_USB_DEVICES',
  'MUSTER_NODE_VLANS',
  'MUSTER_NODE_LABELS',
  'MUSTER_HEARTBEAT',
  'MUSTER_START_LIMIT',
  'MUSTER_API_URL',
  'MUSTER_NODE_TOKEN',
  'MUSTER_DRIVER',
  'MUSTER_SIMULATED_NODES',
  'MUSTER_SIMULATED_BOOT',
  'MUSTER_SIMULATED_FAILURE_RATE',
  'MUSTER_SIMULATED_PULL_BYTES_PER_SECOND',
  'ANKA_GRACEFUL_SHUTDOWN_TIMEOUT',
  'ANKA_UNKNOWN_VM_THRESHOLD',
] as const;

/** Reads the environment. Throws one error for all that is wrong with it. */
export function agentConfig(env: Environment): AgentConfig {
  assertKnownSettings(env);
  const { MUSTER_NATS_URL: natsUrl } = requireSettings(env, ['MUSTER_NATS_URL']);
  const settings = readSettings(env, NAMES);
  if (settings.MUSTER_DRIVER === 'qemu' && settings.MUSTER_SIMULATED_NODES > 1) {
    throw new Error(
      `Setting MUSTER_SIMULATED_NODES is ${settings.MUSTER_SIMULATED_NODES}: must be 1 with MUSTER_DRIVER=qemu`,
    );
  }
  return {
    natsUrl,
    logLevel: settings.MUSTER_LOG_LEVEL,
    listen: settings.MUSTER_AGENT_LISTEN,
    nodeId: settings.MUSTER_NODE_ID,
    nodeDir: resolve(settings.MUSTER_NODE_DIR ?? join(settings.MUSTER_HOME, 'node')),
    host: settings.MUSTER_NODE_HOST,
    capacity: settings.MUSTER_NODE_CAPACITY,
    reservePercent: settings.MUSTER_NODE_RESERVE,
    offer: offerOf(settings),
    api: apiAccess(settings.MUSTER_API_URL, settings.MUSTER_NODE_TOKEN),
    driver: settings.MUSTER_DRIVER,
    simulated: {
      nodes: settings.MUSTER_SIMULATED_NODES,
      bootMs: settings.MUSTER_SIMULATED_BOOT,
      failureRate: settings.MUSTER_SIMULATED_FAILURE_RATE,
      pullBytesPerSecond: settings.MUSTER_SIMULATED_PULL_BYTES_PER_SECOND,
    },
    unknownVmThreshold: settings.ANKA_UNKNOWN_VM_THRESHOLD,
    heartbeatMs: Math.max(LEAST_HEARTBEAT_MS, settings.MUSTER_HEARTBEAT),
    readyLimitMs: settings.MUSTER_START_LIMIT * SHARE_OF_GUEST,
    graceMs: settings.ANKA_GRACEFUL_SHUTDOWN_TIMEOUT,
  };
}

/**
 * Takes user and password out of the URL, so that no error that names the URL names them. They count more than the token that all agents
 * share.
 */
export function apiAccess(setting: string, nodeToken?: string): ApiAccess {
  const url = new URL(setting);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  const apiUrl = url.href.replace(/\/+$/, '');
  const own = username !== '' || password !== '';
  if (!own && nodeToken === undefined) return { apiUrl };
  const pair = own ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : `node:${nodeToken}`;
  return { apiUrl, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
