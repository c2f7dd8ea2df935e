import type { Cluster, Command, Policy } from '#domain';
import { samePolicy } from '#domain';
import type {
  Alarm,
  Clock,
  CommandQueue,
  DesiredState,
  EventAppender,
  EventLog,
  ExplainDesk,
  Feed,
  ReceivedCommand,
} from '#events';
import { toldOf } from '#events';
import type { Decider } from './decider.js';
import { DesiredWriter } from './desired-writer.js';
import { Explanations } from './explanations.js';
import { DESIRED_REFRESH_STEP_MS, MAX_EVENTS_IN_FLIGHT, SILENCE_CHECK_MS } from './limits.js';
import type { NodeWatch } from './node-watch.js';
import type { Observer } from './observer.js';
import { RefreshRound } from './refresh-round.js';
import { TimerCommand } from './timer-command.js';

export interface TermParts {
  readonly cluster: Cluster;
  readonly commands: CommandQueue;
  readonly log: EventLog;
  readonly desired: DesiredState;
  readonly explainDesk: ExplainDesk;
  readonly clock: Clock;
  readonly decider: Decider;
  readonly nodeWatch: NodeWatch;
  readonly policy: Policy;
  readonly observer: Observer;
  /** Makes the ids of the control plane's own commands unique. */
  readonly termId: string;
}

/**
 * One reign of the one writer: from the first command after the highest cause in the log until something fails or it is asked to
 * stop. It never repairs a failed append: it ends, and the log tells the next term what is true.
 */
export class Term {
  private readonly appender: EventAppender;
  private readonly feed: Feed<ReceivedCommand>;
  private readonly writer: DesiredWriter;
  private readonly timers: TimerCommand;
  private lastAppend: Promise<void> = Promise.resolve();
  private inFlight = 0;
  private makeRoom: (() => void) | undefined;
  private ownCommands = 0;
  private readonly alarms = new Map<'silence' | 'refresh', Alarm>();
  private failure: { cause: unknown } | undefined;

  constructor(private readonly parts: TermParts) {
    const { cluster, commands, log } = parts;
    this.appender = log.appender(cluster.sequence);
    // The last cause itself comes again: a crash may have cut its events short, and deciding it again yields just the rest.
    this.feed = commands.follow(Math.max(1, cluster.cause.sequence));
    this.writer = new DesiredWriter(
      cluster,
      parts.desired,
      parts.clock,
      () => this.lastAppend,
      (cause) => this.fail(cause),
    );
    this.timers = new TimerCommand(
      cluster,
      parts.clock,
      () => !parts.nodeWatch.hasListenedFor(cluster.policy.nodeSilentMs),
      (command) => this.tell(command),
    );
  }

  /** Reigns until the end of the term. Resolves when asked to stop, rejects with what ended it otherwise. */
  async run(): Promise<void> {
    const { cluster, policy, nodeWatch, explainDesk, clock, observer } = this.parts;
    nodeWatch.startOver();
    // A new leader does not know what its predecessor managed to write.
    this.writer.refresh(cluster.nodes.keys());
    this.refreshDesired(new RefreshRound(cluster));
    this.checkSilence();
    if (!samePolicy(cluster.policy, policy)) this.tellOrFail({ type: 'SetPolicy', policy });
    this.timers.arm();
    const explanations = new Explanations(explainDesk, {
      cluster,
      clock,
      durable: () => this.lastAppend,
      onFault: (vmId, cause) => observer.fault(`explain VM ${vmId}`, cause),
    });
    try {
      for await (const received of this.feed) {
        this.handle(received);
        if (this.inFlight > MAX_EVENTS_IN_FLIGHT) await this.room();
      }
      await this.appender.idle();
    } catch (cause) {
      this.fail(cause);
    } finally {
      explanations.close();
      this.timers.disarm();
      this.writer.stop();
      for (const alarm of this.alarms.values()) alarm.cancel();
      this.feed.stop();
      this.appender.close();
    }
    if (this.failure !== undefined) throw this.failure.cause;
  }

  stop(): void {
    this.feed.stop();
  }

  private handle(received: ReceivedCommand): void {
    const { decider, cluster } = this.parts;
    const decision = decider.decide(cluster, received);
    const { events, outcome } = decision;
    if (events.length > 0) {
      this.inFlight += events.length;
      this.lastAppend = this.appender.append(events).then(() => this.landed(events.length));
    }
    this.lastAppend.then(
      () => received.replyTo !== undefined && this.parts.commands.reply(received.replyTo, toldOf(received, outcome)),
      (cause: unknown) => this.fail(cause),
    );
    if (received.content.ok && received.content.envelope.command.type === 'RunTimers') this.timers.decided();
    this.writer.collect();
    this.timers.arm();
  }

  private landed(count: number): void {
    this.inFlight -= count;
    if (this.inFlight <= MAX_EVENTS_IN_FLIGHT / 2) this.makeRoom?.();
  }

  /** Waits until half of the pipeline has landed, so that it never runs dry. */
  private async room(): Promise<void> {
    await new Promise<void>((resolve) => (this.makeRoom = resolve));
    this.makeRoom = undefined;
  }

  /** The first failure ends the term. */
  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.feed.stop();
    this.makeRoom?.();
  }

  private checkSilence(): void {
    for (const command of this.parts.nodeWatch.judge(this.parts.cluster)) this.tellOrFail(command);
    this.timers.arm();
    this.alarms.set(
      'silence',
      this.parts.clock.after(SILENCE_CHECK_MS, () => this.checkSilence()),
    );
  }

  private refreshDesired(round: RefreshRound): void {
    this.alarms.set(
      'refresh',
      this.parts.clock.after(DESIRED_REFRESH_STEP_MS, () => {
        this.writer.refresh(round.next());
        this.refreshDesired(round);
      }),
    );
  }

  private tellOrFail(command: Command): void {
    this.tell(command).catch((cause: unknown) => this.fail(cause));
  }

  /** The control plane's own commands go through the queue like everybody's, so that a replay meets them too. */
  private async tell(command: Command): Promise<void> {
    const id = `${this.parts.termId}-${++this.ownCommands}`;
    await this.parts.commands.publish({
      id,
      time: this.parts.clock.now(),
      actor: 'control-plane',
      correlationId: id,
      command,
    });
  }
}
