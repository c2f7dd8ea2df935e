import { type Cluster, nextDueAt } from '#domain';
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
    private readonly publish: () => Promise<void>,
  ) {}

  /** Looks at the cluster again; cheap when nothing changed. */
  arm(): void {
    if (this.underWay) return;
    const dueAt = nextDueAt(this.cluster);
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
      await this.publish();
    } catch {
      // The queue is away; the term will end or the next look arms again.
      this.decided();
    }
  }
}
