/** How the loop behaves; all times in milliseconds. */
export interface AgentOptions {
  readonly heartbeatMs: number;
  /** How often the desired state is read again, in case a message was missed, and every VM is looked at. */
  readonly reviewMs: number;
  /** How often the host is asked for its VMs: so long may a VM be off before it is noticed. */
  readonly surveyMs: number;
  /** VMs that boot at once; the others wait for their turn. */
  readonly bootsAtOnce: number;
  /** From the start of the process to a guest that answers. Below the control plane's limit, so that the cause is known. */
  readonly readyLimitMs: number;
  /** How long a script that wants the network waits for it; then it runs without. */
  readonly networkLimitMs: number;
  readonly networkPollMs: number;
  /** VMs whose disks are made into layers and uploaded at once. */
  readonly savesAtOnce: number;
  /** What a guest has to power off before it is saved; then it is ended by force, as by a power cut. */
  readonly saveGraceMs: number;
  /** What a VM has to power off when its script failed and it is to be kept stopped. */
  readonly stopGraceMs: number;
  /** What a VM has to power off before it is destroyed; its disk is thrown away in any case. */
  readonly destroyGraceMs: number;
  /** Reports that wait to be sent; more are made again when there is room. */
  readonly maxWaitingReports: number;
  /** How often a VM that nobody knows is seen, once per heartbeat, before it is ended; 0: never. */
  readonly unknownVmThreshold: number;
  /** How often what a distribution brings is tried to be pulled. */
  readonly pullAttempts: number;
  /** First and longest pause after something failed that must succeed in the end. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

export const DEFAULT_OPTIONS: AgentOptions = {
  heartbeatMs: 5_000,
  reviewMs: 30_000,
  surveyMs: 10_000,
  bootsAtOnce: 2,
  readyLimitMs: 80_000,
  networkLimitMs: 30_000,
  networkPollMs: 500,
  savesAtOnce: 2,
  saveGraceMs: 60_000,
  stopGraceMs: 10_000,
  destroyGraceMs: 0,
  maxWaitingReports: 20_000,
  unknownVmThreshold: 30,
  pullAttempts: 3,
  firstRetryMs: 500,
  lastRetryMs: 30_000,
};
