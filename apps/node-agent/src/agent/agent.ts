import { createHash } from 'node:crypto';
import type { DesiredNode, Report } from '#domain';
import type { Watch } from '#events';
import { Distributions } from './distributions.js';
import { every } from './every.js';
import { Keepers } from './keepers.js';
import type { AgentOptions } from './options.js';
import { Outbox } from './outbox.js';
import { Pulls } from './pulls.js';
import type { AgentPorts, NodeIdentity, Site } from './site.js';
import { Slots } from './slots.js';
import { UnknownVms } from './unknown-vms.js';

/** How often the same older value must be read before it counts: the log was made anew, and with it all sequences. */
const READS_OF_AN_OLDER_VALUE = 3;

/** For health and metrics. */
export interface AgentFigures {
  /** VMs that are wished or on the host. */
  readonly vms: number;
  readonly running: number;
  readonly reportsWaiting: number;
  readonly bootsWaiting: number;
  /** The host was looked at and the agent acts. */
  readonly isReady: boolean;
}

/**
 * The agent of one node: joins, gives signs of life, watches what is wished and has the VMs follow. Level-triggered: whatever is
 * missed, the next look finds it. Has no timers and no clock of its own, so any number of them can live under a virtual one.
 */
export class NodeAgent {
  readonly #keepers: Keepers;
  readonly #distributions: Distributions;
  readonly #outbox: Outbox;
  readonly #site: Site;
  readonly #unknownVms: UnknownVms;
  readonly #stops: (() => void)[] = [];
  #stamp = 0;
  #watch: Watch | undefined;
  #olderReads = 0;
  #state: 'new' | 'running' | 'stopping' = 'new';

  constructor(
    private readonly identity: NodeIdentity,
    private readonly ports: AgentPorts,
    private readonly options: AgentOptions,
  ) {
    this.#outbox = new Outbox(
      ports.queue,
      ports.clock,
      identity,
      options.maxWaitingReports,
      () => this.#tellAgain(),
      (doing, cause) => ports.observer.fault(doing, identity.nodeId, cause),
    );
    const { nodeId } = identity;
    const pulls = new Pulls(
      ports.cache,
      (template) => this.#keepers.needs(template) || this.#distributions.wants(template),
      (template) => this.#tell({ type: 'ReportTemplatePulled', nodeId, ...template }),
      (template) => this.#tell({ type: 'ReportTemplateEvicted', nodeId, ...template }),
    );
    this.#site = {
      identity,
      options,
      ports,
      pulls,
      boots: new Slots(options.bootsAtOnce),
      saves: new Slots(options.savesAtOnce),
      asOf: 0,
      accepting: false,
      tell: (report) => this.#tell(report),
      stamp: () => ++this.#stamp,
    };
    this.#keepers = new Keepers(this.#site);
    this.#distributions = new Distributions(this.#site, (template) => this.#keepers.needs(template));
    this.#unknownVms = new UnknownVms(ports.driver, identity.nodeId, options.unknownVmThreshold, (report) =>
      this.#tell(report),
    );
  }

  get figures(): AgentFigures {
    return {
      vms: this.#keepers.size,
      running: this.#keepers.running,
      reportsWaiting: this.#outbox.size,
      bootsWaiting: this.#site.boots.waiting,
      isReady: this.#site.accepting,
    };
  }

  /** Joins the fleet. Resolves once the host was looked at and the desired state is watched; tries until both succeed. */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error(`Cannot start the agent of ${this.identity.nodeId} twice`);
    this.#state = 'running';
    const { heartbeatMs, reviewMs, surveyMs } = this.options;
    this.#beat();
    this.#repeat(heartbeatMs, () => this.#beat());
    await this.#insist('look at the host', () => this.#survey());
    await this.#insist('list the cached templates', () => this.#register());
    if (!this.isRunning) return;
    this.#site.accepting = true;
    await this.#insist('watch the desired state', () => this.#follow());
    this.#repeat(heartbeatMs, () => this.#attempt('look for unknown VMs', () => this.#unknownVms.look()));
    this.#repeat(surveyMs, () => this.#attempt('look at the host', () => this.#survey()));
    this.#repeat(reviewMs, () => this.#attempt('read the desired state', () => this.#review()));
  }

  /**
   * Leaves, and leaves the VMs running: the next start takes them over. Begins nothing new; half of `graceMs` is for what is under
   * way, the rest for what has to be given up and for the reports to get out.
   */
  async stop(graceMs: number): Promise<void> {
    this.#state = 'stopping';
    this.#site.accepting = false;
    this.#watch?.stop();
    for (const stop of this.#stops.splice(0)) stop();
    const until = this.ports.clock.now() + graceMs;
    const leftMs = (): number => Math.max(0, until - this.ports.clock.now());
    await this.#within(graceMs / 2, this.#keepers.settled());
    const reason = new Error('the agent stops');
    this.#keepers.abandon(reason);
    this.#distributions.abandon(reason);
    await this.#within(leftMs() / 2, this.#settled());
    await this.#within(leftMs(), this.#outbox.empty());
    this.#outbox.close();
  }

  async #settled(): Promise<void> {
    await Promise.all([this.#keepers.settled(), this.#distributions.busy]);
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  #tell(report: Report): boolean {
    const isQueued = this.#outbox.add(report);
    if (isQueued) this.ports.observer.told(report);
    return isQueued;
  }

  /** Reports were refused for want of room, nobody knows which: all that can be said is said anew. */
  #tellAgain(): void {
    this.#keepers.review();
    this.#distributions.review();
    void this.#attempt('list the cached templates', () => this.#register());
  }

  #beat(): void {
    const { nodeId, bootId } = this.identity;
    this.ports.heartbeats.publish({
      nodeId,
      bootId,
      ...this.ports.gauge.read(),
      vmCount: this.#keepers.running,
      pulls: this.#site.pulls.progress(),
      intervalMs: this.options.heartbeatMs,
    });
  }

  async #survey(): Promise<void> {
    const began = this.#site.stamp();
    this.#keepers.survey(await this.ports.driver.list(), began);
  }

  async #register(): Promise<void> {
    const { nodeId, facts, config } = this.identity;
    const cached = await this.#site.pulls.list();
    const unknownVms = await this.#unknownVms.count();
    this.#tell({ type: 'RegisterNode', nodeId, facts, config, cached, ...(unknownVms > 0 && { unknownVms }) });
  }

  async #follow(): Promise<void> {
    this.#watch = await this.ports.desired.watch(this.identity.nodeId, (desired) => this.#take(desired));
    if (!this.isRunning) this.#watch.stop();
  }

  async #review(): Promise<void> {
    const desired = await this.ports.desired.get(this.identity.nodeId);
    if (desired !== undefined) this.#take(desired, 'read');
    this.#keepers.review();
    this.#distributions.review();
  }

  /** A value that is missing says nothing; one that is older than the last says nothing either, unless it is all there is. */
  #take(desired: DesiredNode, how: 'told' | 'read' = 'told'): void {
    if (!this.isRunning) return;
    if (desired.asOf < this.#site.asOf) {
      if (how === 'read') this.#olderReads++;
      if (this.#olderReads < READS_OF_AN_OLDER_VALUE) return;
    }
    this.#olderReads = 0;
    this.#keepers.wish(desired);
    this.#distributions.wish(desired);
  }

  /** Tries until it succeeds or the agent stops. */
  async #insist(doing: string, task: () => Promise<void>): Promise<void> {
    for (
      let pauseMs = this.options.firstRetryMs;
      this.isRunning;
      pauseMs = Math.min(2 * pauseMs, this.options.lastRetryMs)
    ) {
      if (await this.#attempt(doing, task)) return;
      await this.ports.clock.sleep(pauseMs);
    }
  }

  async #attempt(doing: string, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      this.ports.observer.fault(doing, this.identity.nodeId, error);
      return false;
    }
  }

  /** The nodes of a fleet that was started at once take their turns at different times. */
  #repeat(ms: number, task: () => unknown): void {
    if (!this.isRunning) return;
    const hash = createHash('sha256').update(this.identity.nodeId).digest().readUInt32BE();
    const firstMs = Math.ceil((ms * (hash + 1)) / 2 ** 32);
    this.#stops.push(every(this.ports.clock, ms, firstMs, async () => void (await task())));
  }

  async #within(limitMs: number, end: Promise<void>): Promise<void> {
    const timeUp = new AbortController();
    const limit = this.ports.clock.sleep(limitMs, timeUp.signal).catch(() => undefined);
    await Promise.race([end, limit]);
    timeUp.abort();
  }
}
