import { type Cluster, nextDueAt, type RunTimers } from '#domain';
import type { Alarm, Clock } from '#events';
import { MIN_TIMER_INTERVAL_MS } from './limits.js';

/**
 * Turns the cluster's next due time into a RunTimers command. At most one is under way: the next is armed when that one was decided,
 * so a slow log is not flooded with reminders.
 */
export class TimerCommand {
  private alarm: Alarm | undefined;
  private armedFor: number | undefined;
  private underWay = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly clock: Clock,
    /** Whether it is too early to judge silent nodes: then their alarms wait. */
    private readonly nodesWait: () => boolean,
    private readonly publish: (command: RunTimers) => Promise<void>,
  ) {}

  /** Looks at the cluster again; cheap when nothing changed. */
  arm(): void {
    if (this.underWay) return;
    const dueAt = nextDueAt(this.cluster, this.nodesWait());
    if (dueAt === this.armedFor) return;
    this.disarm();
    if (dueAt === undefined) return;
    this.armedFor = dueAt;
    this.alarm = this.clock.after(Math.max(MIN_TIMER_INTERVAL_MS, dueAt - this.clock.now()), () => void this.fire());
  }

  /** The RunTimers command was decided. */
  decided(): void {
    this.underWay = false;
    this.armedFor = undefined;
  }

  disarm(): void {
    this.alarm?.cancel();
    this.alarm = undefined;
    this.armedFor = undefined;
  }

  private async fire(): Promise<void> {
    this.underWay = true;
    try {
      await this.publish({ type: 'RunTimers', ...(this.nodesWait() && { nodesWait: true }) });
    } catch {
      // The queue is away; the term will end or the next look arms again.
      this.decided();
    }
  }
}
