import { DEFAULT_POLICY, type Policy, refusePolicy } from '#domain';
import { MARGIN_EVENTS, MIN_EVENTS_TO_CUT, SHORTEST_LOOK_MS } from './retention/limits.js';
import type { Retention } from './retention/retention.js';
import { assertKnownSettings, type Environment, type ListenAddress, readSettings, requireSettings } from '#events';

/** What the control plane's process needs to know before it starts. */
export interface SchedulerConfig {
  readonly natsUrl: string;
  readonly logLevel: string;
  /** Where health and metrics are served; absent: nowhere. */
  readonly listen: ListenAddress | undefined;
  readonly policy: Policy;
  readonly retention: Retention;
}

export function schedulerConfig(env: Environment): SchedulerConfig {
  assertKnownSettings(env);
  const { MUSTER_NATS_URL: natsUrl } = requireSettings(env, ['MUSTER_NATS_URL']);
  const settings = readSettings(env, [
    'MUSTER_LOG_LEVEL',
    'MUSTER_SCHEDULER_LISTEN',
    'MUSTER_SCHEDULER_PROFILE',
    'MUSTER_PRIORITY_AGEING',
    'MUSTER_CACHED_NODE_WAIT',
    'MUSTER_CACHED_OVERTAKE',
    'MUSTER_PREEMPTION_GAP',
    'ANKA_INSTANCE_TIME_OUT',
    'ANKA_NODE_ACTIVE_TIMEOUT',
    'MUSTER_NODE_LOST_AFTER',
    'MUSTER_START_LIMIT',
    'MUSTER_PULL_LIMIT',
    'MUSTER_SAVE_LIMIT',
    'MUSTER_SAVE_VISIBLE',
    'ANKA_API_KEYS_CLEANING_INTERVAL',
    'MUSTER_EVENTS_RETENTION',
    'MUSTER_COMMANDS_RETENTION',
    'MUSTER_RETENTION_INTERVAL',
  ]);
  const policy: Policy = {
    ...DEFAULT_POLICY,
    terminatedVisibleMs: settings.ANKA_INSTANCE_TIME_OUT,
    nodeSilentMs: settings.ANKA_NODE_ACTIVE_TIMEOUT,
    lostAfterMs: settings.MUSTER_NODE_LOST_AFTER,
    startLimitMs: settings.MUSTER_START_LIMIT,
    pullLimitMs: settings.MUSTER_PULL_LIMIT,
    saveLimitMs: settings.MUSTER_SAVE_LIMIT,
    saveVisibleMs: settings.MUSTER_SAVE_VISIBLE,
    apiKeyCleaningMs: settings.ANKA_API_KEYS_CLEANING_INTERVAL,
    profile: settings.MUSTER_SCHEDULER_PROFILE,
    ageingMsPerPoint: settings.MUSTER_PRIORITY_AGEING,
    cachedNodeWaitMs: settings.MUSTER_CACHED_NODE_WAIT,
    cachedOvertakeMs: settings.MUSTER_CACHED_OVERTAKE,
    preemptionGap: settings.MUSTER_PREEMPTION_GAP,
  };
  const refusal = refusePolicy(policy);
  if (refusal !== undefined) throw new Error(`The settings make no policy: ${JSON.stringify(refusal)}`);
  const retention: Retention = {
    eventsMs: settings.MUSTER_EVENTS_RETENTION,
    commandsMs: settings.MUSTER_COMMANDS_RETENTION,
    lookMs: lookMsOf(settings.MUSTER_RETENTION_INTERVAL),
    ...{ minEvents: MIN_EVENTS_TO_CUT, marginEvents: MARGIN_EVENTS },
  };
  return { retention, natsUrl, logLevel: settings.MUSTER_LOG_LEVEL, listen: settings.MUSTER_SCHEDULER_LISTEN, policy };
}

function lookMsOf(ms: number): number {
  if (ms >= SHORTEST_LOOK_MS) return ms;
  throw new Error(`Cannot read setting MUSTER_RETENTION_INTERVAL: it must be at least ${SHORTEST_LOOK_MS} ms`);
}
