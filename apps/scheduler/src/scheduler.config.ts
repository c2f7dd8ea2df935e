import type { Policy } from '#domain';
import { assertKnownSettings, type ListenAddress, readSettings, requireSettings } from '#events';

/** What the control plane's process needs to know before it starts. */
export interface SchedulerConfig {
  readonly natsUrl: string;
  readonly logLevel: string;
  /** Where health and metrics are served; absent: nowhere. */
  readonly listen: ListenAddress | undefined;
  readonly policy: Policy;
}

/** From placement, or from the end of a pull, to a running guest: the vendor's limit of `anka start`. */
const START_LIMIT_MS = 90_000;

export function schedulerConfig(env: NodeJS.ProcessEnv): SchedulerConfig {
  assertKnownSettings(env);
  const { MUSTER_NATS_URL: natsUrl } = requireSettings(env, ['MUSTER_NATS_URL']);
  const settings = readSettings(env, [
    'MUSTER_LOG_LEVEL',
    'MUSTER_SCHEDULER_LISTEN',
    'ANKA_INSTANCE_TIME_OUT',
    'ANKA_NODE_ACTIVE_TIMEOUT',
  ]);
  return {
    natsUrl,
    logLevel: settings.MUSTER_LOG_LEVEL,
    listen: settings.MUSTER_SCHEDULER_LISTEN,
    policy: {
      terminatedVisibleMs: settings.ANKA_INSTANCE_TIME_OUT,
      nodeSilentMs: settings.ANKA_NODE_ACTIVE_TIMEOUT,
      startLimitMs: START_LIMIT_MS,
    },
  };
}
