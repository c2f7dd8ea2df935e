import type { Policy } from '#domain';
import type { Clock, CommandQueue, DesiredState, EventLog, ExplainDesk, Lease } from '#events';
import { Decider } from './decider.js';
import { Follower } from './follower.js';
import { LeaseKeeper } from './lease-keeper.js';
import { RETRY_MS } from './limits.js';
import type { NodeWatch } from './node-watch.js';
import type { Observer } from './observer.js';
import { Upkeep, type UpkeepParts } from '../retention/upkeep.js';
import { Term } from './term.js';

export interface ControlPlaneParts {
  readonly commands: CommandQueue;
  readonly log: EventLog;
  readonly desired: DesiredState;
  readonly explainDesk: ExplainDesk;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly nodeWatch: NodeWatch;
  readonly policy: Policy;
  readonly observer: Observer;
  /** How the streams are kept from growing for ever; absent: they are not. */
  readonly upkeep?: Pick<UpkeepParts, 'keeper' | 'bookmarks' | 'retention'>;
  /** Unique per process start. */
  readonly instanceId: string;
}

/**
 * Follows the log, tries for the lease, and reigns while it has it. Whatever ends a term, the answer is the same: read the log to
 * its end and try again.
 */
export class ControlPlane {
  private readonly follower: Follower;
  private readonly decider: Decider;
  private readonly keeper: LeaseKeeper;
  private readonly stopping = new AbortController();
  private term: Term | undefined;
  private terms = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ControlPlaneParts) {
    this.follower = new Follower(parts.log, (cause) => parts.observer.fault('follow the event log', cause));
    this.decider = new Decider(parts.observer);
    this.keeper = new LeaseKeeper(parts.lease, parts.clock, parts.instanceId);
  }

  get cluster() {
    return this.follower.cluster;
  }

  /** Events that were passed over because this build cannot read them. */
  get unreadable(): number {
    return this.follower.unreadable;
  }

  get isLeader(): boolean {
    return this.term !== undefined;
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends the term in order, gives the lease back, and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.term?.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        this.follower.start();
        if (await this.hasLease()) await this.reign();
        else await this.pause(this.parts.lease.ttlMs / 4);
      } catch (cause) {
        // What was decided and did not become durable must be forgotten: only the log is true.
        await this.follower.reset();
        this.parts.observer.termEnded(cause);
        await this.pause(RETRY_MS);
      }
    }
    await this.follower.stop();
    await this.keeper.release().catch((cause: unknown) => this.parts.observer.fault('give the lease back', cause));
  }

  /** Nothing was decided meanwhile: when the question fails, what is in memory is still what the log says. */
  private async hasLease(): Promise<boolean> {
    return this.keeper.tryAcquire().catch((cause: unknown) => {
      this.parts.observer.fault('ask for the lease', cause);
      return false;
    });
  }

  private async reign(): Promise<void> {
    const { log, observer } = this.parts;
    const over = new AbortController();
    try {
      await this.follower.reached(await log.lastSequence());
      await this.follower.stop();
      if (this.stopping.signal.aborted) return;
      await this.parts.upkeep?.keeper.settle();
      const termId = `${this.parts.instanceId}-${++this.terms}`;
      const term = new Term({ ...this.parts, cluster: this.follower.cluster, decider: this.decider, termId });
      this.term = term;
      this.keeper.keep(() => {
        over.abort();
        term.stop();
      });
      observer.role('leader');
      void this.upkeep(termId)?.run(over.signal);
      await term.run();
    } finally {
      over.abort();
      this.keeper.letGo();
      if (this.term !== undefined) observer.role('stand-by');
      this.term = undefined;
    }
  }

  private upkeep(termId: string): Upkeep | undefined {
    const { upkeep, log, clock, observer } = this.parts;
    if (upkeep === undefined) return undefined;
    return new Upkeep({
      ...upkeep,
      ...{ log, clock, termId },
      tell: (done) => observer.logKept(done),
      onFault: (cause) => observer.fault('cut off what is old of the log', cause),
    });
  }

  private async pause(ms: number): Promise<void> {
    await this.parts.clock.sleep(ms, this.stopping.signal).catch(() => undefined);
  }
}
