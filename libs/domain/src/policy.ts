import { MAX_POLICY_MS, MAX_PRIORITY } from './limits.js';
import { notOneOf, outOfRange, type Refusal } from './refusal.js';

/** How placement weighs a node's load: keep the fleet level, or fill nodes one after the other (Orchard's names). */
export const PROFILES = ['distribute-load', 'optimize-utilization'] as const;
export type Profile = (typeof PROFILES)[number];

/** What the operator may set about time and taste. Recorded in the log, because decisions depend on it. Times in milliseconds. */
export interface Policy {
  /** How long a terminated VM stays in lists (`ANKA_INSTANCE_TIME_OUT`). */
  readonly terminatedVisibleMs: number;
  /** A node without a heartbeat for this long is offline (`ANKA_NODE_ACTIVE_TIMEOUT`). */
  readonly nodeSilentMs: number;
  /** From placement, or from the end of a pull, to a running guest; then the attempt has failed (anka.md §4.4: 90 s). */
  readonly startLimitMs: number;
  /** How long after a node fell silent whatever it holds is given up; 0: never. Until then its running VMs are unknown, not lost. */
  readonly lostAfterMs: number;
  /** How long a pull may take; then the attempt has failed. */
  readonly pullLimitMs: number;
  /** How long a save may work before it is given up. */
  readonly saveLimitMs: number;
  /** How long a save that has ended stays in lists. */
  readonly saveVisibleMs: number;
  readonly profile: Profile;
  /**
   * What one point of priority is worth in waiting time. A VM is overtaken only by requests accepted at most
   * (its priority − theirs) × this later: with the default, ten hours over the whole range. 0: first come, first served.
   */
  readonly ageingMsPerPoint: number;
  /** How long a VM waits for a node that has its template and is about to have room, before it starts a pull elsewhere. */
  readonly cachedNodeWaitMs: number;
  /** A VM that finds its template cached may go before one of the same priority that is older by at most this. */
  readonly cachedOvertakeMs: number;
  /** A VM that fits nowhere ends a running one whose priority is at least this many points less urgent. 0: never. */
  readonly preemptionGap: number;
  /** Expired API keys are taken away when so much time has come round (`ANKA_API_KEYS_CLEANING_INTERVAL`); 0: at once. */
  readonly apiKeyCleaningMs: number;
}

export const DEFAULT_POLICY: Policy = {
  terminatedVisibleMs: 60_000,
  nodeSilentMs: 120_000,
  startLimitMs: 90_000,
  lostAfterMs: 10 * 60_000,
  pullLimitMs: 6 * 3_600_000,
  saveLimitMs: 6 * 3_600_000,
  saveVisibleMs: 24 * 3_600_000,
  profile: 'distribute-load',
  ageingMsPerPoint: 3_600,
  cachedNodeWaitMs: 5_000,
  cachedOvertakeMs: 60_000,
  preemptionGap: 0,
  apiKeyCleaningMs: 4 * 3_600_000,
};

/** Least and largest value of each number. A start that is due at once would fire in the very turn that placed it. */
const RANGES: Record<Exclude<keyof Policy, 'profile'>, readonly [min: number, max: number]> = {
  terminatedVisibleMs: [0, MAX_POLICY_MS],
  nodeSilentMs: [1, MAX_POLICY_MS],
  startLimitMs: [1, MAX_POLICY_MS],
  lostAfterMs: [0, MAX_POLICY_MS],
  pullLimitMs: [1, MAX_POLICY_MS],
  saveLimitMs: [1, MAX_POLICY_MS],
  saveVisibleMs: [0, MAX_POLICY_MS],
  ageingMsPerPoint: [0, MAX_POLICY_MS / MAX_PRIORITY],
  cachedNodeWaitMs: [0, MAX_POLICY_MS],
  cachedOvertakeMs: [0, MAX_POLICY_MS],
  preemptionGap: [0, MAX_PRIORITY],
  apiKeyCleaningMs: [0, MAX_POLICY_MS],
};

export function refusePolicy(policy: Policy): Refusal | undefined {
  for (const field of Object.keys(RANGES) as (keyof typeof RANGES)[]) {
    const refusal = outOfRange(field, policy[field], ...RANGES[field]);
    if (refusal !== undefined) return refusal;
  }
  return notOneOf('profile', policy.profile, PROFILES);
}

/** The fields that are there; what is absent, as in what older builds wrote, is the default. */
export function wholePolicy(given: Partial<Policy>): Policy {
  const fields = Object.keys(DEFAULT_POLICY) as (keyof Policy)[];
  return Object.fromEntries(fields.map((field) => [field, given[field] ?? DEFAULT_POLICY[field]])) as unknown as Policy;
}

export function samePolicy(a: Policy, b: Policy): boolean {
  return (Object.keys(DEFAULT_POLICY) as (keyof Policy)[]).every((field) => a[field] === b[field]);
}
